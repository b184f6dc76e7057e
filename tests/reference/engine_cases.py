"""Everyday cells on which the two engines once differed, by kind; each runs on both (test_engine_cases.py).

SAME: both give the same values, number types, shapes and gradients. REFUSED: both refuse the last statement.
"""

SAME = {
    "F1 own loop, p -= lr * p.grad": """
model, x = e.nn.Linear(1, 1), e.tensor([[1.0], [2.0], [3.0]])
for _ in range(20):
    loss = ((model(x) - 2 * x) ** 2).mean()
    model.zero_grad()
    loss.backward()
    with e.no_grad():
        for p in model.parameters():
            p -= 0.05 * p.grad""",
    "F1 own loop, p.data": """
w = e.tensor([2.0, 1.0], requires_grad=True)
for _ in range(3):
    (w ** 3).sum().backward()
    w.data -= 0.01 * w.grad
    w.grad.zero_()""",
    "F1 own loop, p.data assigned": """
w = e.tensor([2.0, 1.0], requires_grad=True)
(w ** 3).sum().backward()
w.data = w.data - 0.01 * w.grad
w.grad = None
(w ** 2).sum().backward()""",
    "F1 p.data.add_ with alpha": """
model = e.nn.Linear(2, 1)
model(e.ones(3, 2)).sum().backward()
for p in model.parameters():
    p.data.add_(p.grad, alpha=-0.5)""",
    "F1 weight *= 0.5": """
model = e.nn.Linear(2, 1)
with e.no_grad():
    model.weight *= 0.5
    model.bias += 1""",
    "F1 a row of the weight": """
model = e.nn.Linear(2, 3)
with e.no_grad():
    model.weight[0] = 1.0
    model.weight[1] += model.weight[0]
    model.bias.zero_()
model(e.ones(2)).sum().backward()""",
    "F1 w = w - lr * w.grad is a new tensor": """
w = e.tensor([2.0], requires_grad=True)
(w * w).sum().backward()
with e.no_grad():
    w = w - 0.1 * w.grad""",
    "F2 states kept in zeros": """
cell, head, out, h = e.nn.RNNCell(2, 3), e.nn.Linear(3, 1), e.zeros(4, 3), e.zeros(3)
for t in range(4):
    h = cell(e.ones(2), h)
    out[t] = h
head(out).sum().backward()
g = cell.weight_hh.grad""",
    "F2 % and a gradient": "x = e.tensor([3.5, -1.0], requires_grad=True)\ny = x % 2\n(y + x).sum().backward()",
    "F2 % of two tensors": """
x, y = e.tensor([3.5, -1.0], requires_grad=True), e.tensor([2.0, 0.75], requires_grad=True)
z = x % y
(z + x).sum().backward()""",
    "F2 //": "x = e.tensor([3.5, -1.0], requires_grad=True)\ny = x // 2",
    "F4 norm of zeros": "x = e.zeros(2, requires_grad=True)\nx.norm().backward()",
    "F4 distance of equal points": """
x, y = e.ones(2, requires_grad=True), e.ones(2)
((x - y).norm() + x.sum()).backward()""",
    "F4 std of equal numbers": "x = e.ones(3, requires_grad=True)\nx.std().backward()",
    "F4 std along an axis": "x = e.ones(3, 2, requires_grad=True)\nx.std(0).sum().backward()",
    "F4 sqrt of 0": "x = e.zeros(2, requires_grad=True)\nx.sqrt().sum().backward()",
    "F4 all labels ignored": """
x = e.ones(2, 3, requires_grad=True)
loss = F.cross_entropy(x, e.tensor([-100, -100]))
loss.backward()""",
    "F5 cat of int64 and float32": "a = e.cat([e.tensor([1]), e.tensor([0.5])])",
    "F5 cat of bool and int64": "a = e.cat([e.tensor([True]), e.tensor([3])])",
    "F5 stack of int64 and float32": "a = e.stack([e.tensor([1]), e.tensor([0.5])])",
    "F5 stack of float32 and float64": "a = e.stack([e.tensor(1.0), e.tensor(0.5, dtype=e.float64)])",
    "F5 where": "a = e.where(e.tensor([True, False]), e.tensor([1, 2]), e.tensor([0.5, 0.5]))",
    "F5 maximum": "a = e.maximum(e.tensor([1, 2]), e.tensor([1.5, 0.5]))",
    "F6 Tensor(2, 3)": """
def facts(a):
    return tuple(a.shape), a.requires_grad, str(a.dtype)  # not its numbers, which are whatever was in the memory
v = facts(e.Tensor(2, 3)), facts(e.Tensor(2))""",
    "F6 Tensor of numbers": "a, b, c = e.Tensor([1, 2]), e.Tensor([True]), e.Tensor([[1.5], [2]])",
    "F6 Tensor()": "a = e.Tensor()",
    "division that overflows on the way back": """
z = e.tensor([49.0, 50.0, 48.0], requires_grad=True)
a = z.exp()
(-(a / a.sum())[0].log()).backward()""",
    "relu before sqrt": "x = e.tensor([-1.0, 4.0], requires_grad=True)\nx.relu().sqrt().sum().backward()",
    "clamp before sqrt": "x = e.tensor([-1.0, 4.0], requires_grad=True)\nx.clamp(min=0).sqrt().sum().backward()",
    "maximum before sqrt": """
x = e.tensor([-1.0, 4.0], requires_grad=True)
e.maximum(x, e.zeros(2)).sqrt().sum().backward()""",
    "minimum before sqrt": """
x = e.tensor([-1.0, 4.0], requires_grad=True)
(1 / e.minimum(x, e.zeros(2))).sum().backward()""",
    "MaxPool before sqrt": """
x = e.tensor([[[0.0, 4.0, -3.0, 0.0]]], requires_grad=True)
F.max_pool1d(x, 2).sqrt().sum().backward()""",
    "where before log": """
x = e.tensor([0.0, 4.0], requires_grad=True)
e.where(x > 0, x.log(), 0.0).sum().backward()""",
    "max before sqrt": "x = e.tensor([0.0, -4.0], requires_grad=True)\nx.max().sqrt().backward()",
    "leaky_relu before sqrt": """
x = e.tensor([0.0, -4.0], requires_grad=True)
F.leaky_relu(x).abs().sqrt().sum().backward()""",
    "a row is a view": "a = e.zeros(2, 3)\nr = a[0]\nr += 1",
    "a column is a view": "a = e.zeros(2, 3)\nc = a[:, 1]\nc.add_(2)",
    "a view of a view": "a = e.zeros(2, 3)\nb = a.T[1:]\nb[0] = 5.0",
    "rows in a loop": "a = e.arange(6.0).view(2, 3)\nfor row in a:\n    row *= 2",
    "h += x": "x = e.ones(2, requires_grad=True)\nh = x * 2\nk = h\nh += x\n(h * h).sum().backward()",
    "h = h + x is a new tensor": """
x = e.ones(2, requires_grad=True)
h = x * 2
k = h
h = h + x
(h * k).sum().backward()""",
    "add_ with a gradient": "x, y = e.ones(2, requires_grad=True), e.zeros(2)\ny.add_(x)\n(y * y).sum().backward()",
    "copy_ with a gradient": "x, y = e.ones(2, requires_grad=True), e.zeros(2)\ny.copy_(x)\n(y * y).sum().backward()",
    "add_ into a view": "x, y = e.ones(2, requires_grad=True), e.zeros(2, 2)\ny[0].add_(x)\n(y * y).sum().backward()",
    "write of a number": "x = e.ones(3, requires_grad=True)\ny = x * 2\ny[0] = 0.0\n(y * y).sum().backward()",
    "write of a row": """
x, y = e.ones(2, 3, requires_grad=True), e.ones(3, requires_grad=True)
a = x * 2
a[1] = y * 3
(a * a).sum().backward()""",
    "write through a mask": """
x = e.tensor([1.0, -2.0, 3.0], requires_grad=True)
y = x * 2
y[y < 0] = 0.0
(y * y).sum().backward()""",
    "write of places": "x = e.ones(3, requires_grad=True)\ny = x * 2\ny[[0, 2]] = x[:2]\n(y * y).sum().backward()",
    "+= in a slice": "x = e.ones(3, requires_grad=True)\ny = x * 2\ny[1:] += x[1:]\n(y * y).sum().backward()",
    "a view seen before a write": """
x = e.ones(3, requires_grad=True)
y = x * 2
v = y[0]
y.mul_(3)
(v * 5).backward()""",
    "in place after a use that needs no value": """
x = e.ones(2, requires_grad=True)
y = x + 1
z = y + 1
y.mul_(3)
(z + y).sum().backward()""",
    "in place under no_grad, then used": """
x = e.ones(2, requires_grad=True)
with e.no_grad():
    x.mul_(3)
(x * x).sum().backward()""",
    "gradient set": "x = e.ones(3, requires_grad=True)\nx.grad = e.ones(3)\nx.sum().backward()",
    "gradient held": "x = e.ones(3, requires_grad=True)\nx.sum().backward()\ng = x.grad\n(x * 2).sum().backward()",
    "in place keeps the type": """
a = e.tensor([1, 2])
a += 1
a *= True
b = e.ones(2)
b += e.tensor([1, 2])
b += e.ones(2, dtype=e.float64)""",
    "in place with a number of another type": "a = e.ones(2, dtype=e.float64)\na *= 0.5\nb = e.ones(2)\nb -= 2",
    "mixed index": "a = e.arange(24).reshape(2, 3, 4)[0, :, [0, 1]]",
    "mixed index, written": "a = e.arange(24).reshape(2, 3, 4)\na[0, :, [0, 1]] = e.arange(6).reshape(3, 2)",
    "mixed index, tensor": "a = e.arange(24).reshape(2, 3, 4)[e.tensor([0, 1]), :, 1]",
    "mixed index with a gradient": """
x = e.ones(2, 3, 4, requires_grad=True)
y = x[1, :, [0, 1]]
(y * e.arange(6.0).view(3, 2)).sum().backward()""",
    "two lists apart": "a = e.arange(24).reshape(2, 3, 4)[[0, 1], :, [0, 1]]",
    "negative index": "a = e.arange(5)\nb, c, d = a[-1], a[e.tensor([-1, 0])], a[-2:]",
    "empty batch in BatchNorm": """
layer = e.nn.BatchNorm1d(3)
y = layer(e.zeros(0, 3))
m, v = layer.running_mean, layer.running_var""",
    "list of NumPy numbers": """
import numpy as np
a = e.tensor([np.float64(1.5)])
b = e.tensor([np.float32(1.5)])
del np""",
    "list of arrays": """
import numpy as np
a = e.tensor([np.zeros(2), np.ones(2)])
b = e.tensor([np.arange(2)])
del np""",
    "NumPy number": """
import numpy as np
a, b = e.tensor(np.float64(1.5)), e.tensor(np.float32(1.5)) * np.float64(2)
del np""",
    "list of tensors": "a = e.tensor([e.tensor(1.0), e.tensor(2.0)])",
    "view that fits": "a = e.ones(2, 3)\nb = a.view(6)\nb[0] = 5.0\nc = a.T.reshape(6)\nc[1] = 7.0",
    "view of a column": "a = e.arange(6).view(2, 3)\nb = a[:, 1].view(2, 1)\nb[0] = 9",
    "graph names": """
x, m = e.ones(3, requires_grad=True), e.ones(2, 3, requires_grad=True)
y = [(x @ x), x[0], x.unsqueeze(0), m @ x, m @ m.T, x.view(1, 3), x[1:], m.T, x.squeeze(), x + 1, x[[0]], x.norm(),
     x.std(), x % 2, x.expand(2, 3), m.reshape(6), m.t(), x[...], x[None], m[0, 1:], x.double(), x.unbind()[0],
     x.masked_fill(x > 0, 0.0)]
names = [t.grad_fn.name() for t in y]
after = (x * 2 + 1).grad_fn.next_functions[0][0].name(), (x * 2).grad_fn.next_functions[0][0].name()
del y""",
    "graph names in place": """
x, y = e.ones(3, requires_grad=True), e.zeros(3)
y += x
names = [y.grad_fn.name()]
y[0] = x[0]
v = y[1:]
names += [y.grad_fn.name(), v.grad_fn.name()]
v.mul_(2)  # v's own node is made anew: torch calls it AsStrided here, whatever the view was
names += [y.grad_fn.name()]""",
    "retain_grad on the last tensor": "x = e.ones(1, requires_grad=True)\ny = x * 2\ny.retain_grad()\ny.backward()",
    "whole numbers % 2.0": "a, b, c = e.arange(5) % 2.0, e.arange(5) % 2, e.arange(5) // 2.0",
    "clamp of whole numbers": "a, b = e.arange(5).clamp(1, 3), e.arange(5).clamp(max=2.5)",
    "logsumexp of whole numbers": "a = e.arange(5).logsumexp(0)",
    "no_grad as a decorator of a generator": """
@e.no_grad()
def numbers():
    x = e.ones(1, requires_grad=True)
    yield (x * 2).requires_grad
    yield (x * 3).requires_grad
steps = numbers()
first = next(steps)
x = e.ones(1, requires_grad=True)
y = x * 2
rest = list(steps)
del steps""",
    "no_grad as a decorator": """
@e.no_grad()
def double(x):
    return x * 2
y = double(e.ones(2, requires_grad=True))
z = e.is_grad_enabled()""",
    "every name: cpu": "x = e.ones(2).cpu()\ny = e.ones(2).to('cpu')\nm = e.nn.Linear(2, 1).to('cpu')",
    "every name: to(device, dtype)": "x = e.ones(2).to('cpu', e.float64)",
    "every name: axis and keepdims": """
x = e.ones(2, 3)
a, b, c = x.sum(axis=0), x.mean(axis=1, keepdims=True), x.max(axis=1).values""",
    "every name: axis of functions": "x = e.ones(2, 3)\na, b = e.sum(x, axis=0), e.mean(x, axis=1, keepdims=True)",
    "every name: torch.max": "a, b = e.max(e.tensor([1.0, 3.0])), e.min(e.tensor([1.0, 3.0]))",
    "every name: torch.max along an axis": "a, i = e.max(e.tensor([[1.0, 3.0], [5.0, 2.0]]), dim=1)",
    "every name: prod": "x = e.tensor([2.0, 0.0, 3.0], requires_grad=True)\ny = x.prod()\ny.backward()",
    "every name: cumsum": "x = e.tensor([2.0, 1.0], requires_grad=True)\ny = x.cumsum(0)\n(y * y).sum().backward()",
    "every name: norm along an axis": "x = e.ones(2, 2, requires_grad=True)\ny = x.norm(dim=1)\ny.sum().backward()",
    "every name: var(unbiased=False)": """
x = e.tensor([1.0, 2.0, 4.0])
y, z = x.var(unbiased=False), x.std(unbiased=False)""",
    "every name: randint(high, size)": "x = e.randint(10, (3,))",
    "every name: type": "x = e.ones(2)\ny = x.type(e.float64)\nname = x.type()",
    "every name: autograd.grad": """
x = e.tensor([3.0], requires_grad=True)
g, = e.autograd.grad((x ** 2).sum(), x)""",
    "every name: autograd.grad of two": """
x, y = e.tensor([3.0], requires_grad=True), e.tensor([2.0], requires_grad=True)
g = e.autograd.grad((x * y).sum(), [x, y])""",
    "every name: register_hook": """
x = e.ones(2, requires_grad=True)
x.register_hook(lambda g: g * 2)
x.sum().backward()""",
    "every name: forward hook": """
seen = []
m = e.nn.Linear(2, 1)
h = m.register_forward_hook(lambda module, args, output: seen.append(tuple(output.shape)))
y = m(e.ones(3, 2))
h.remove()
y = m(e.ones(3, 2))
del h""",
    "every name: inplace": "x = e.tensor([-1.0, 2.0])\ny = e.nn.ReLU(inplace=True)(x)",
    "every name: inplace with a gradient": """
x = e.tensor([-1.0, 2.0], requires_grad=True)
y = e.nn.ReLU(inplace=True)(x * 2)
y.sum().backward()""",
    "every name: Embedding.from_pretrained": "m = e.nn.Embedding.from_pretrained(e.eye(3))\ny = m(e.tensor([2]))",
    "every name: ModuleDict": "m = e.nn.ModuleDict({'a': e.nn.Linear(2, 1)})\ny = m['a'](e.ones(2))",
    "every name: ParameterList": "m = e.nn.ParameterList([e.nn.Parameter(e.ones(2))])\ny = m[0] * 2",
    "every name: Sequential.append": "m = e.nn.Sequential(e.nn.Linear(2, 2))\nm.append(e.nn.Tanh())\ny = m(e.ones(2))",
    "every name: Sequential[i] =": """
m = e.nn.Sequential(e.nn.Linear(2, 2), e.nn.Tanh())
m[-1] = e.nn.ReLU()
y = m(e.ones(2))""",
    "every name: step(closure)": """
w = e.ones(1, requires_grad=True)
opt = e.optim.SGD([w], lr=0.5)
def closure():
    opt.zero_grad()
    loss = (w * w).sum()
    loss.backward()
    return loss
loss = opt.step(closure)""",
    "every name: named parameters to an optimizer": """
m = e.nn.Linear(2, 1)
opt = e.optim.SGD(m.named_parameters(), lr=0.5)
m(e.ones(2)).sum().backward()
opt.step()""",
    "every name: clip_grad_value_": """
x = e.ones(2, requires_grad=True)
(x * 9).sum().backward()
e.nn.utils.clip_grad_value_([x], 0.5)""",
}  # fmt: skip

REFUSED = {
    "F2 // and a gradient": "x = e.tensor([3.5], requires_grad=True)\ny = x // 2 + x\ny.sum().backward()",
    "F3 step between two backward": """
w = e.nn.Parameter(e.tensor([2.0]))
optimizer, loss = e.optim.SGD([w], lr=0.1), (w ** 3).sum()
loss.backward(retain_graph=True)
optimizer.step()
optimizer.zero_grad()
loss.backward()""",
    "F3 step between in a network": """
model, x = e.nn.Sequential(e.nn.Linear(2, 2), e.nn.Tanh(), e.nn.Linear(2, 1)), e.ones(3, 2)
optimizer, loss = e.optim.Adam(model.parameters(), lr=0.1), model(x).sum()
loss.backward(retain_graph=True)
optimizer.step()
loss.backward()""",
    "changed since: add_ on a weight": """
w = e.ones(2, requires_grad=True)
y = (w * w).sum()
with e.no_grad():
    w.add_(1)
y.backward()""",
    "changed since: a result": "x = e.ones(2, requires_grad=True)\ny = x.exp()\ny.mul_(2)\ny.sum().backward()",
    "changed since: through a view": "x = e.ones(2, requires_grad=True)\ny = x.exp()\ny[0] = 1.0\ny.sum().backward()",
    "changed since: an input": "x, y = e.ones(2, requires_grad=True), e.ones(2)\nz = x * y\ny += 1\nz.sum().backward()",
    "changed since: a weight of a layer": """
m = e.nn.Linear(2, 1)
x = e.ones(2, requires_grad=True)
y = m(x).sum()
with e.no_grad():
    m.weight *= 0.5
y.backward()""",
    "F5 BCE with whole targets": "x = F.binary_cross_entropy(e.tensor([0.5]), e.tensor([1]))",
    "F5 BCE with logits, whole targets": """
x = e.tensor([0.5], requires_grad=True)
F.binary_cross_entropy_with_logits(x, e.tensor([1])).backward()""",
    "F7 one_hot of -1": "a = F.one_hot(e.tensor([-1]), 3)",
    "F7 one_hot beyond the last": "a = F.one_hot(e.tensor([3]), 3)",
    "F7 embedding of -1": "a = F.embedding(e.tensor([-1]), e.eye(3))",
    "F7 cross_entropy of -1": "a = F.cross_entropy(e.ones(1, 3), e.tensor([-1]))",
    "leaf in place": "x = e.ones(2, requires_grad=True)\nx += 1",
    "leaf in place, method": "x = e.ones(2, requires_grad=True)\nx.mul_(2)",
    "leaf in place, slice": "x = e.ones(2, requires_grad=True)\nx[0] = 1.0",
    "leaf in place, view": "x = e.ones(2, requires_grad=True)\nx[0].add_(1)",
    "leaf in place, own weight": "m = e.nn.Linear(2, 1)\nm.weight *= 0.5",
    "real into whole": "i = e.tensor([1, 2])\ni += 0.5",
    "whole /= 2": "i = e.tensor([1, 2])\ni /= 2",
    "bool += 1": "i = e.tensor([True])\ni += 1",
    "shape in place": "a = e.zeros(3)\na += e.ones(2, 3)",
    "shape of a slice": "a = e.zeros(3)\na[:2] = e.ones(3)",
    "gradient of another shape": "x = e.ones(2, requires_grad=True)\nx.grad = e.zeros(3)",
    "gradient that is a number": "x = e.ones(2, requires_grad=True)\nx.grad = 3.0",
    "gradient of another type": "x = e.ones(2, requires_grad=True)\nx.grad = e.ones(2, dtype=e.float64)",
    "slice backwards": "a = e.arange(3)[::-1]",
    "slice backwards, written": "a = e.arange(3)\na[::-1] = 0",
    "view of a transpose": "a = e.ones(2, 3).T.view(6)",
    "view of a slice": "a = e.ones(2, 3)[:, 1:].view(4)",
    "in place on expanded memory": "a = e.ones(1, 3).expand(2, 3)\na += 1",
    "in place on a part from unbind": "x = e.ones(2, 2, requires_grad=True)\nfor r in x * 2:\n    r += 1",
    "softmax of whole numbers": "a = F.softmax(e.arange(3), dim=0)",
    "mean of whole numbers": "a = e.arange(3).mean()",
    "Parameter of a list": "p = e.nn.Parameter([1.0, 2.0])",
    "Parameter of whole numbers": "p = e.nn.Parameter(e.tensor([1, 2]))",
    "requires_grad of whole numbers": "a = e.tensor([1, 2], requires_grad=True)",
    "index out of range": "a = e.arange(3)[3]",
    "index out of range in a list": "a = e.arange(3)[[0, 3]]",
    "index that is a number with a point": "a = e.arange(3)[1.0]",
    "too many indices": "a = e.arange(3)[0, 0]",
    "mask of another length": "a = e.arange(3)[e.tensor([True, False])]",
    "backward twice": "x = e.ones(1, requires_grad=True)\ny = (x * x).sum()\ny.backward()\ny.backward()",
    "state_dict of NumPy arrays": """
import numpy as np
m = e.nn.Linear(1, 1)
m.load_state_dict({'weight': np.ones((1, 1)), 'bias': np.ones(1)})""",
    "array into Linear": "import numpy as np\ny = e.nn.Linear(2, 1)(np.ones((1, 2)))",
    "array into Conv1d": "import numpy as np\ny = e.nn.Conv1d(1, 1, 2)(np.ones((1, 1, 3)))",
    "array into LSTM": "import numpy as np\ny = e.nn.LSTM(2, 3)(np.ones((1, 1, 2)))",
    "array into BatchNorm1d": "import numpy as np\ny = e.nn.BatchNorm1d(2)(np.ones((3, 2)))",
    "array into Embedding": "import numpy as np\ny = e.nn.Embedding(3, 2)(np.array([1]))",
    "array into MaxPool1d": "import numpy as np\ny = e.nn.MaxPool1d(2)(np.ones((1, 1, 4)))",
    "array into cross_entropy": "import numpy as np\ny = F.cross_entropy(np.ones((1, 3)), np.array([1]))",
    "list into Linear": "y = e.nn.Linear(2, 1)([1.0, 2.0])",
    "list into cross_entropy": "y = F.cross_entropy(e.ones(1, 3), [1])",
    "list into mse_loss": "y = F.mse_loss(e.ones(2), [1.0, 2.0])",
}  # fmt: skip
