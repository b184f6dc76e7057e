"""Embedding: a table of vectors."""

from dlcourse.reference import creation
from dlcourse.reference.autograd import no_grad
from dlcourse.reference.nn import functional, init
from dlcourse.reference.nn.module import Module, Parameter


class Embedding(Module):
    """y = weight[index]: whole numbers (…) become vectors (…, embedding_dim). weight (num_embeddings, embedding_dim).

    The same as a one-hot row times the matrix, without the multiplication. First weights: standard normal. padding_idx:
    a row that starts at 0 and is not learned.
    """

    def __init__(self, num_embeddings: int, embedding_dim: int, padding_idx: int | None = None):
        super().__init__()
        if padding_idx is not None:
            if not -num_embeddings <= padding_idx < num_embeddings:
                raise ValueError(
                    f"Embedding: padding_idx must be within num_embeddings={num_embeddings}; got {padding_idx}."
                )
            padding_idx %= num_embeddings
        self.num_embeddings, self.embedding_dim, self.padding_idx = num_embeddings, embedding_dim, padding_idx
        self.weight = Parameter(creation.empty(num_embeddings, embedding_dim))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        init.normal_(self.weight)
        if self.padding_idx is not None:
            with no_grad():
                self.weight[self.padding_idx] = 0

    def forward(self, input):
        return functional.embedding(input, self.weight, self.padding_idx)

    def extra_repr(self) -> str:
        text = f"{self.num_embeddings}, {self.embedding_dim}"
        return text if self.padding_idx is None else f"{text}, padding_idx={self.padding_idx}"
