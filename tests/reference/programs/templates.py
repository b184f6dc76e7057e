"""Templates of the statements of random programs, separated by |.

{a} is the tensor it is about, {b} a number or tensor that fits, {same} a tensor of its shape, {other} any tensor,
{new} the name of the result; {d}, {k}: an axis and keepdim; {n}, {s}, {e}, {r}: the number of elements, the shape,
the shape to expand, the axes reversed.
"""

import re


def split(text: str) -> list:
    return re.split(r"\s+\|\s+", text.strip())


RESULTS = split("""
    {new} = {a} * 2 | {new} = {a}.clone() | {new} = {a} + 1 | {new} = {a} * {a} | {new} = {a} / 2 |
    {new} = {a}.exp() | {new} = {a} - {b} | {new} = {a} * {b} | {new} = {a}.relu() | {new} = {a}.T * 2
""")
METHODS = split("""
    relu() | sqrt() | exp() | abs() | square() | clamp(min=0) | tanh() | sin() | sigmoid() | clone() | pow(2) |
    clamp(-1, 1) | log() | clamp(max=0.5) | cos() | neg() | contiguous() | float() | double() | isnan() | isfinite()
    | masked_fill({mask}, 0.5) | add(1) | mul({b}) | sub({b}) | div({b}) | pow({b}) | type_as({same}) |
    expand_as({same}) | maximum({same})
""")
JUMPS = split("""
    long() | bool() | to(e.float64) | to(e.int64) | sign() | floor() | round() | remainder(2) | remainder({b})
""")
REDUCTIONS = split("""
    sum() | mean() | sum(dim={d}{k}) | mean(dim={d}{k}) | norm() | std() | var() | std({d}) |
    var(dim={d}, correction=0{k}) | softmax({d}) | log_softmax(dim={d}) | logsumexp({d}) | all() | any() |
    norm(dim={d}) | prod(dim={d}) | prod() | cumsum({d}) | item() | tolist() | std(unbiased=False) | sum(axis={d}) |
    mean({d}, keepdims=True)
""")
EXTREMES = split("""
    max() | min() | max(dim={d}).values | min(dim={d}{k}).values | amax(dim={d}) | amin({d}{k}) | argmax() |
    argmin(dim={d}) | max(dim={d}).indices
""")
VIEWS = split("""
    detach() | view({n}) | view(-1) | reshape(-1) | unsqueeze(0) | squeeze() | data | flatten() | reshape({n}, 1) |
    unsqueeze(-1) | expand(2, {e}) | view(2, -1) | squeeze(0) | unbind()[0] | view({s}) | float() | reshape({s}) | T
""")
MATRIX_VIEWS = split("""
    T | transpose(0, 1) | mT | t() | permute({r}) | transpose(-2, -1) | flatten(0, 1) | unbind(1)[-1] | T |
    permute(1, 0) | transpose(0, -1)
""")
IN_PLACE = split("""
    mul_({b}) | add_({b}) | zero_() | fill_(2) | copy_({b}) | sub_({b}, alpha=2) | div_({b}) | add_({b}, alpha=0.5)
    | pow_(2) | clamp_(min=0) | clamp_(-1, 1) | relu_() | exp_() | sqrt_() | neg_() | abs_() | tanh_() | sigmoid_()
    | square_() | masked_fill_({mask}, 0.5) | fill_(0.5) | detach_() | requires_grad_() | requires_grad_(False) |
    sub_({b}) | mul_({b})
""")
FLAGS = split("""
    {a}.requires_grad_() | {a}.retain_grad() | {a}.requires_grad_(False) | {a}.requires_grad = True |
    {new} = {a}.detach().requires_grad_() | {a}.detach_() | {new} = {a} | {new} = {a}.clone() |
    {new} = {a}.detach().clone() | {new} = {a}.detach().clone().requires_grad_()
""")
STEPS = split("""
    {a} -= 0.5 * {a}.grad | {a}.sub_({a}.grad) | {a}.add_({a}.grad, alpha=-0.5) | {a}[0] -= {a}.grad[0] |
    {new} = {a} - 0.5 * {a}.grad | {a}.copy_({a} - {a}.grad) | {a} *= {a}.grad
""")
GRADIENTS = split("""
    {a}.grad.zero_() | {a}.data -= 0.5 * {a}.grad | {a}.grad = None | g = {a}.grad | {a}.grad *= 0.5 |
    {a}.data.sub_(0.5 * {a}.grad) | {a}.grad += 1 | {a}.grad = {same} | {a}.grad.data.zero_() |
    {a}.data = {a} - 0.5 * {a}.grad | {a}.data = {a}.data - {a}.grad | {new} = {a} * {a}.grad | {a}.grad[0] = 0.0 |
    {a}.grad = {a}.grad * 2 | g = {a}.grad.clone() | {a}.data.add_({a}.grad, alpha=-1)
""")
DATA = split("""
    {a}.data *= {b} | {a}.data = {same} | {a}.data.add_({b}) | {a}.detach().mul_({b}) | {a}.data[0] = 0.5 |
    {a}.data.fill_(0.5) | {a}.data = {a}.data * 2 | {a}.data = {same}.clone() | {a}.detach()[0] = 2.0
""")
FUNCTIONS = split("""
    e.cat([{a}, {same}]) | e.stack([{a}, {same}]) | e.where({mask}, {a}, {same}) | e.maximum({a}, {b}) |
    e.minimum({a}, {b}) | F.softmax({a}, dim=-1) | F.log_softmax({a}, dim=-1) | F.mse_loss({a}, {same}) |
    F.relu({a}) | e.where({mask}, {a}, 0.0) | e.cat([{a}, {other}], dim=-1) | e.stack([{same}, {a}], dim=-1) |
    F.l1_loss({a}, {same}) | F.cross_entropy({a}, {labels}) | e.zeros_like({a}) | e.ones_like({a}) |
    F.linear({a}, {other}) | e.tanh({a}) | e.clamp({a}, max=1) | e.as_tensor({a}) | e.tensor({a}.tolist()) |
    F.one_hot({a}) | F.softplus({a}) | F.leaky_relu({a}, 0.5) | F.smooth_l1_loss({a}, {same}) |
    F.binary_cross_entropy_with_logits({a}, {same}.to({a}.dtype)) | F.layer_norm({a}, ({a}.shape[-1],)) |
    e.logsumexp({a}, dim=0) | F.gelu({a}) | e.sum({a}) | e.matmul({a}, {other}) | e.abs({a}) |
    F.dropout({a}, training=False) | F.elu({a}) | e.mean({a}) | F.silu({a}) | F.nll_loss({a}, {labels}) |
    e.round({a} * 0.25) | F.huber_loss({a}, {same}.to({a}.dtype)) | e.max({a}) |
    F.max_pool1d({a}.reshape(1, 1, -1), 2) | F.avg_pool1d({a}.float().reshape(1, 1, -1), 2) |
    F.conv1d({a}.reshape(1, 1, -1), e.ones(2, 1, 2)) | e.nn.RNNCell({a}.shape[-1], 2)({a}) |
    e.nn.LSTM({a}.shape[-1], 2)({a})[0] | e.nn.GRU({a}.shape[-1], 2)({a})[0] | F.embedding({labels}, {a}) |
    e.max({a}, {same}) | e.prod({a}) | e.cumsum({a}, dim=0) |
    e.autograd.grad(({a} * 2).sum(), {other})[0] | e.autograd.grad(({a} * {a}).sum(), {other}, retain_graph=True)[0] |
    F.binary_cross_entropy(e.sigmoid({a}), {same}) | F.kl_div({a}, {same}.detach()) | F.relu({a}, inplace=True)
""")
OPTIMIZERS = split("""
    SGD({0}, lr=0.5) | SGD({0}, lr=0.5, momentum=0.5) | SGD({0}, lr=0.5, weight_decay=0.5) | Adam({0}, lr=0.5) |
    AdamW({0}, lr=0.5) | RMSprop({0}, lr=0.5) | Adagrad({0}, lr=0.5) | SGD({0}, lr=0.5, momentum=0.5, nesterov=True)
""")
LOSSES = split("""
    ({a} * {a}).sum() | {a}.sum() | ({a} ** 2).mean() | ({a} * {also}).sum() | ({a} * {a}).sum()
""")
FILLED = split("""
    e.zeros({0}) | e.ones({0}) | e.full({0}, 2.0) | e.full({0}, 3) | e.arange(6) | e.arange(4.0) |
    e.arange(6.0).view(2, 3) | e.arange(3) | e.eye(2)
""")
EVERYDAY = split("""
    {a}[0][-1] = 2.0 | {a}[1:][0] += 1 | {a}.T[0] = {b} | {a}.view(-1)[0] = 1.5 | {a}[0].mul_(2) |
    {a}[0].copy_({a}[-1] * 2) | {a}[0], {a}[-1] = {a}[-1], {a}[0] | {new} = e.stack([r * 2 for r in {a}]) |
    v = [float(r.sum()) for r in {a}] | v = float({a}) | v = int({a}) | v = bool({a}) | v = len({a}) |
    v = tuple({a}.shape) | v = {a}.size(0) | {a}.detach().numpy()[...] = 2 |
    {new} = e.from_numpy({a}.detach().numpy()) | {new}, v = {a}.max(dim=0) | {new} = {a}.unbind()[-1] |
    v = list({a}) | {new} = ~{a} | {new} = -{a} | {new} = abs({a}) | {new} = ({a} > 0) ^ {mask} | {new} = sum({a}) |
    {new} = {a}[~{mask}] | {a}[~{mask}] = 0 | {new} = {a} if {a}.sum() > 0 else -{a} |
    {new} = e.tensor({a}.detach().numpy()) | {new} = {a} @ {a}.T | {new} = ({a} - {a}.mean(0)) / {a}.std(0) |
    {new} = {a} / {a}.sum() | {new} = {a}[e.arange({a}.shape[0])] | {new} = {a}[{a}.argmax()] |
    v = {a}.grad_fn is None | {new} = {a}.flip(0) | {new} = {a}.cpu() | {new} = {a}.to('cpu') |
    {a}.register_hook(lambda g: g * 2) | {new} = {a}.cumsum(-1) | {new} = {a}.chunk(2)[0] | {new} = {a}.split(1)[-1]
    | {a}.masked_fill_({mask}, 2.0) | {new} = {a}.repeat(2) | {new} = {a}.type(e.float64) |
    {new} = {a}.norm(dim=-1, keepdim=True) | {a} = {a} / {a}.norm() | {a}.view(-1).zero_() |
    {a}.unsqueeze(0).add_(1) | {a}.reshape(-1)[0] += {b} | {a}.T.mul_(2) | {a}.data[0].zero_() |
    {new} = e.zeros_like({a}).copy_({a}) | {new} = e.zeros({a}.shape).add_({a}) | {new} = {a}.clone().mul_({b}) |
    {a}[:] = {same} | {a}[...] = {b} | {a}[0] = {a}[0] * 2 | {a}.copy_({same} * 2) |
    {new} = {a}.detach().clone().requires_grad_() | {new} = e.where({a} > 0, {a}, {b}) | {new} = 1 / {a} |
    {new} = {b} - {a} | {new} = {a}.max() - {a} | {a} -= {a}.mean() | {a} /= {a}.sum() | {a} *= {a} |
    {a}[0] -= {a}.sum() | v = {a}.tolist()
""")
SHORT = split("""
    v = repr({a}) | v = str({a}) | v = {a}.grad_fn and {a}.grad_fn.name() | v = {a}.requires_grad, {a}.is_leaf
""")

WITHOUT = ["with e.no_grad():\n    {0}"] * 4 + [
    "with e.no_grad(), e.enable_grad():\n    {0}", "with e.set_grad_enabled(False):\n    {0}"]  # fmt: skip

LAYERS = ["{new} = layer({a})"] * 8 + [
    "with e.no_grad():\n    layer.weight *= 0.5", "layer.weight.data.fill_(0.5)", "layer.zero_grad()",
    "with e.no_grad():\n    for p in layer.parameters():\n        p -= 0.5", "layer.weight = e.nn.Parameter({a})",
    "layer.bias.data[0] = 1.0", "layer.weight = {a}", "layer.requires_grad_(False)", "{new} = layer.weight",
    "{new} = layer.weight.T", "for p in layer.parameters():\n    p.data -= 0.5", "e.nn.init.zeros_(layer.weight)",
    "with e.no_grad():\n    layer.bias[0] = 2.0", "{new} = layer(layer({a}))", "layer.weight.grad = None",
    "for p in layer.parameters():\n    p.grad.zero_()", "layer.eval()", "layer.load_state_dict(layer.state_dict())",
    "w = layer.state_dict()['weight']\nw *= 2", "layer.weight.data = {a}",
    "v = [n for n, p in layer.named_parameters()]",
    "for p in layer.parameters():\n    p.data = p.data - 0.5 * p.grad",
    "{new} = F.linear({a}, layer.weight)"]  # fmt: skip
MODULES = split("""
    e.nn.Linear({n}, 2) | e.nn.Linear({n}, {n}) | e.nn.Linear({n}, 1) | e.nn.LayerNorm({n}) | e.nn.BatchNorm1d({n})
    | e.nn.Linear({n}, 3, bias=False) | e.nn.Embedding(4, {n}) | e.nn.Linear({n}, {n})
""")
SETTINGS = ["opt.zero_grad()", "opt.zero_grad(set_to_none=False)", "opt.param_groups[0]['lr'] = 0.25",
            "opt.load_state_dict(opt.state_dict())", "opt.zero_grad()\n{loss}.backward()\nopt.step()",
            "for _ in range(2):\n    opt.zero_grad()\n    {loss}.backward()\n    opt.step()"]  # fmt: skip

LOOPS = ["for i in range({n}):\n    {a}[i] = {other} * i", "for i in range({n}):\n    {a}[i] += {other}.sum()",
         "for r in {a}:\n    r += 1", "for i, r in enumerate({a}):\n    {new} = r * i",
         "for _ in range(2):\n    {a} += {b}",
         "for i in range({n}):\n    {a}[i].mul_(2)", "for i in range(1, {n}):\n    {a}[i] = {a}[i - 1] * 2",
         "for i in range({n}):\n    {a}[:, i] = {other}", "{new} = {a}\nfor _ in range(2):\n    {new} = {new} * 2",
         "{new} = {a} * 1\nfor _ in range(2):\n    {new} += {a}"]  # fmt: skip
