"""Embedding: a table of vectors."""

from dlcourse.reference import creation
from dlcourse.reference.grad_mode import no_grad
from dlcourse.reference.nn import functional, init
from dlcourse.reference.nn.module import Module, Parameter
from dlcourse.reference.tensor.operands import must_be_given


class Embedding(Module):
    """y = weight[index]: whole numbers (…) become vectors (…, embedding_dim). weight (num_embeddings, embedding_dim).

    The same as a one-hot row times the matrix, without the multiplication. First weights: standard normal. padding_idx:
    a row that starts at 0 and is not learned.
    """

    def __init__(self, num_embeddings: int, embedding_dim: int, padding_idx: int | None = None):
        self._hold(Parameter(creation.empty(num_embeddings, embedding_dim)), padding_idx)
        self.reset_parameters()

    @classmethod
    def from_pretrained(cls, embeddings, freeze: bool = True, padding_idx: int | None = None):
        """A table of known vectors (num_embeddings, embedding_dim), whose memory is shared; not learned if freeze."""
        must_be_given("Embedding.from_pretrained", embeddings=embeddings)
        if embeddings.ndim != 2:
            raise ValueError(
                "Embedding.from_pretrained: embeddings must have shape (num_embeddings, embedding_dim); got "
                f"{embeddings._array.shape}."
            )
        table = cls.__new__(cls)
        table._hold(Parameter(embeddings, requires_grad=not freeze), padding_idx)
        return table

    def _hold(self, weight: Parameter, padding_idx: int | None) -> None:
        super().__init__()
        num_embeddings, embedding_dim = weight._array.shape
        if padding_idx is not None:
            if not -num_embeddings <= padding_idx < num_embeddings:
                raise ValueError(
                    f"Embedding: padding_idx must be within num_embeddings={num_embeddings}; got {padding_idx}."
                )
            padding_idx %= num_embeddings
        self.num_embeddings, self.embedding_dim, self.padding_idx = num_embeddings, embedding_dim, padding_idx
        self.weight = weight

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
