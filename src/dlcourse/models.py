"""The networks of the course, each written once: `engine` is `dlcourse.reference` or `torch`."""

from collections.abc import Iterable
from itertools import pairwise
from numbers import Integral


def mlp(engine, sizes, activation: str = "Tanh"):
    """A multilayer perceptron: Linear, activation, Linear, …, Linear, with no activation after the last.

    sizes: numbers of units [inputs, hidden …, outputs], at least two. activation: a class of `engine.nn`, such as
    "ReLU", "Tanh", "Sigmoid" or "Identity". Returns an `engine.nn.Sequential`.
    """
    units = list(sizes) if isinstance(sizes, Iterable) else []
    if len(units) < 2 or any(isinstance(n, bool) or not isinstance(n, Integral) or n < 1 for n in units):
        raise ValueError(f"mlp: sizes must be at least two whole numbers from 1, [inputs, …, outputs]; got {sizes}.")
    make = getattr(engine.nn, activation, None) if isinstance(activation, str) else None
    if not isinstance(make, type):
        raise ValueError(
            f"mlp: activation must name a class of engine.nn, such as 'ReLU' or 'Tanh'; got {activation!r}."
        )
    layers = []
    for n_in, n_out in pairwise(map(int, units)):
        layers += [engine.nn.Linear(n_in, n_out), make()]
    return engine.nn.Sequential(*layers[:-1])


def lenet(engine, size=28, channels=1, classes=10, activation: str = "Tanh", pool: str = "AvgPool2d"):
    """LeNet-5 (LeCun et al. 1998) for images (N, channels, size, size); returns logits (N, classes).

    Convolution 5×5 to 6 maps, the edges padded; pooling by 2; convolution 5×5 to 16 maps; pooling by 2; layers of 120,
    84 and `classes` units: 61,706 parameters for 28×28. Simplified as usual: every map of the second convolution sees
    all six of the first, and pooling learns nothing. activation="ReLU", pool="MaxPool2d" is today's taste.

    size: a multiple of 4, at least 12, or the second pooling would leave pixels out.
    """
    _whole_numbers("lenet", size=size, channels=channels, classes=classes)
    if size < 12 or size % 4:
        raise ValueError(f"lenet: size must be a multiple of 4, at least 12; got {size}; enlarge or pad the images.")
    nn = engine.nn
    make, shrink = _class_of(engine, "lenet", activation), _class_of(engine, "lenet", pool)
    side = (size // 2 - 4) // 2
    return nn.Sequential(
        nn.Conv2d(channels, 6, 5, padding=2), make(), shrink(2),
        nn.Conv2d(6, 16, 5), make(), shrink(2),
        nn.Flatten(),
        nn.Linear(16 * side * side, 120), make(),
        nn.Linear(120, 84), make(),
        nn.Linear(84, classes),
    )  # fmt: skip


def residual_mlp(engine, inputs: int = 40, hidden: int = 100, classes: int = 10):
    """h = ReLU(W₁x + b₁), then h + ReLU(W₂h + b₂) to the last layer: a shortcut around the second (He et al. 2016).

    x (N, inputs) -> logits (N, classes). As it stands: the MLP of MNIST-1D (Greydanus & Kobak 2024), 15,210 parameters.
    """
    _whole_numbers("residual_mlp", inputs=inputs, hidden=hidden, classes=classes)

    class ResidualMLP(engine.nn.Module):
        def __init__(self):
            super().__init__()
            self.first = engine.nn.Linear(inputs, hidden)
            self.second = engine.nn.Linear(hidden, hidden)
            self.last = engine.nn.Linear(hidden, classes)

        def forward(self, x):
            h = engine.relu(self.first(x))
            return self.last(h + engine.relu(self.second(h)))

    return ResidualMLP()


def conv1d_net(engine, length: int = 40, channels: int = 25, classes: int = 10):
    """Three convolutions over a sequence, kernels 5, 3, 3, each with stride 2, padding 1 and ReLU, and a linear layer.

    x (N, length) -> logits (N, classes). As it stands: the CNN of MNIST-1D, 5,210 parameters.
    """
    _whole_numbers("conv1d_net", length=length, channels=channels, classes=classes)
    if length < 5:
        raise ValueError(f"conv1d_net: length must be at least 5, because the first kernel is 5 wide; got {length}.")
    nn, places = engine.nn, length
    layers, before = [nn.Unflatten(1, (1, length))], 1
    for kernel in (5, 3, 3):
        layers += [nn.Conv1d(before, channels, kernel, stride=2, padding=1), nn.ReLU()]
        before, places = channels, (places + 2 - kernel) // 2 + 1
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(channels * places, classes))


def bidirectional_gru(engine, length: int = 40, hidden: int = 6, classes: int = 10):
    """A GRU reads a sequence from both ends; one linear layer sees its state at every step.

    x (N, length) -> logits (N, classes). As it stands: the GRU of MNIST-1D, 5,134 parameters.
    """
    _whole_numbers("bidirectional_gru", length=length, hidden=hidden, classes=classes)

    class BidirectionalGRU(engine.nn.Module):
        def __init__(self):
            super().__init__()
            self.gru = engine.nn.GRU(1, hidden, batch_first=True, bidirectional=True)
            self.last = engine.nn.Linear(2 * hidden * length, classes)

        def forward(self, x):
            states, _ = self.gru(x.unsqueeze(2))  # (N, length, 2·hidden)
            return self.last(states.flatten(1))

    return BidirectionalGRU()


def char_rnn(engine, characters: int, hidden: int = 64, embedding: int = 16, kind: str = "LSTM", layers: int = 1):
    """A language model over `characters` symbols: which one comes next? kind: "RNN", "LSTM" or "GRU".

    model(text, state=None) with text (N, L), whole numbers below `characters`, returns (logits, state); logits (N, L,
    characters) are at each place those of the next symbol. Give the state back to go on, one symbol at a time when
    generating.
    """
    _whole_numbers("char_rnn", characters=characters, hidden=hidden, embedding=embedding, layers=layers)
    if kind not in ("RNN", "LSTM", "GRU"):
        raise ValueError(f"char_rnn: kind must be 'RNN', 'LSTM' or 'GRU'; got {kind!r}.")

    class CharRNN(engine.nn.Module):
        def __init__(self):
            super().__init__()
            self.embedding = engine.nn.Embedding(characters, embedding)
            self.recurrent = getattr(engine.nn, kind)(embedding, hidden, num_layers=layers, batch_first=True)
            self.last = engine.nn.Linear(hidden, characters)

        def forward(self, text, state=None):
            output, state = self.recurrent(self.embedding(text), state)
            return self.last(output), state

    return CharRNN()


def skip_gram(engine, words: int, dimension: int = 32):
    """word2vec's skip-gram (Mikolov et al. 2013): each of `words` words has two vectors, one as centre, one as context.

    model(centre, context) with whole numbers centre (N,) and context (N, C) returns the scores (N, C): the products
    centre · context. As in word2vec a centre starts uniform in ±½/dimension, a context at 0. model.centre.weight holds
    the embedding.
    """
    _whole_numbers("skip_gram", words=words, dimension=dimension)

    class SkipGram(engine.nn.Module):
        def __init__(self):
            super().__init__()
            self.centre = engine.nn.Embedding(words, dimension)
            self.context = engine.nn.Embedding(words, dimension)
            engine.nn.init.uniform_(self.centre.weight, -0.5 / dimension, 0.5 / dimension)
            engine.nn.init.zeros_(self.context.weight)

        def forward(self, centre, context):
            rows = self.centre(centre).unsqueeze(2)  # (N, dimension, 1)
            return (self.context(context) @ rows).squeeze(2)

    return SkipGram()


def autoencoder(engine, sizes, activation: str = "Tanh"):
    """An encoder, mlp(sizes), and a decoder, the same backwards: the output is to equal the input (N, sizes[0]).

    sizes: [inputs, hidden …, code]. model(x) is the reconstruction, model.encoder(x) the code.
    """
    encoder, decoder = mlp(engine, sizes, activation), mlp(engine, list(sizes)[::-1], activation)

    class Autoencoder(engine.nn.Module):
        def __init__(self):
            super().__init__()
            self.encoder, self.decoder = encoder, decoder

        def forward(self, x):
            return self.decoder(self.encoder(x))

    return Autoencoder()


def _class_of(engine, who: str, name: str) -> type:
    found = getattr(engine.nn, name, None) if isinstance(name, str) else None
    if not isinstance(found, type):
        raise ValueError(f"{who}: expected the name of a class of engine.nn, such as 'ReLU'; got {name!r}.")
    return found


def _whole_numbers(who: str, **sizes: int) -> None:
    for name, size in sizes.items():
        if isinstance(size, bool) or not isinstance(size, Integral) or size < 1:
            raise ValueError(f"{who}: {name} must be a whole number from 1; got {size!r}.")
