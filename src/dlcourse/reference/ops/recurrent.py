"""Recurrent layers: one direction of one layer over a whole sequence as one operation.

Letters: L steps, N samples, I inputs, H hidden units. What does not depend on the step before is computed for all
steps in one product: the inputs' part of the gates going forward, the gradients of the weights going back
(backpropagation through time, Werbos 1990). Only h W_hhᵀ must wait for its predecessor.
"""

import numpy as np

from dlcourse.reference.graph import RESULT, Function


def sigmoid_(x: np.ndarray) -> None:
    """1/(1 + e⁻ˣ) in place. e⁻ˣ may overflow to ∞, and 1/∞ is the right 0: the caller silences the warning."""
    np.negative(x, out=x)
    np.exp(x, out=x)
    x += 1
    np.reciprocal(x, out=x)


class _Recurrence(Function):
    """What the three share: the order of the steps, and products over all steps at once."""

    keeps = tuple((place, (0, 1, 2, 3, RESULT)) for place in range(7))

    def remember_inputs(self, x, w_ih, w_hh, reverse: bool):
        self.x, self.w_ih, self.w_hh = x, w_ih, w_hh
        self.steps = range(len(x))[::-1] if reverse else range(len(x))
        self.before = 1 if reverse else -1  # where the previous step lies

    def from_inputs(self, b_ih) -> np.ndarray:
        """x W_ihᵀ + b_ih of all steps (L, N, gates·H)."""
        length, n, _ = self.x.shape
        result = self.x.reshape(length * n, -1) @ self.w_ih.T
        if b_ih is not None:
            result += b_ih
        return result.reshape(length, n, -1)

    def previous(self, states: np.ndarray, first: np.ndarray) -> np.ndarray:
        """For each step the state before it (L, N, H)."""
        result = np.empty((len(self.x), *first.shape), first.dtype)
        result[self.steps[0]] = first
        if self.before == -1:
            result[1:] = states[: len(self.x) - 1]
        else:
            result[:-1] = states[1 : len(self.x)]
        return result

    def gradients(self, d_input: np.ndarray, d_hidden: np.ndarray, h_before: np.ndarray) -> tuple:
        """(∂x, ∂W_ih, ∂W_hh, ∂b_ih, ∂b_hh) from the gradients that reach x W_ihᵀ + b_ih and h W_hhᵀ + b_hh."""
        rows, hidden_rows = (d.reshape(-1, d.shape[-1]) for d in (d_input, d_hidden))
        grad_x = (rows @ self.w_ih).reshape(self.x.shape) if self.needs(0) else None
        grad_ih = rows.T @ self.x.reshape(len(rows), -1)
        grad_hh = hidden_rows.T @ h_before.reshape(len(rows), -1)
        return grad_x, grad_ih, grad_hh, rows.sum(axis=0), hidden_rows.sum(axis=0)


class RnnLayer(_Recurrence):
    """h_t = f(x_t W_ihᵀ + b_ih + h_{t−1} W_hhᵀ + b_hh) with f = tanh or ReLU (Elman 1990). Returns all h (L, N, H).

    Backwards, δ_t = (g_t + δ_{t+1} W_hh)·f′, with f′ = 1 − h² or [h > 0].
    """

    def forward(self, x, h, w_ih, w_hh, b_ih=None, b_hh=None, *, reverse=False, nonlinearity="tanh"):
        self.remember_inputs(x, w_ih, w_hh, reverse)
        self.first, self.nonlinearity = h, nonlinearity
        out = self.from_inputs(b_ih if b_hh is None else b_ih + b_hh)  # becomes h, step by step
        transposed = w_hh.T
        for t in self.steps:
            out[t] += h @ transposed
            h = np.tanh(out[t], out=out[t]) if nonlinearity == "tanh" else np.maximum(out[t], 0, out=out[t])
        self.out = out
        return out

    def backward(self, g):
        slope = 1 - self.out * self.out if self.nonlinearity == "tanh" else (self.out > 0).astype(g.dtype)
        d = np.empty_like(slope)
        back = np.zeros_like(self.first)
        for t in reversed(self.steps):
            np.multiply(g[t] + back, slope[t], out=d[t])
            back = d[t] @ self.w_hh
        grad_x, *grads = self.gradients(d, d, self.previous(self.out, self.first))
        return (grad_x, back, *grads)[: len(self.next_nodes)]


class LstmLayer(_Recurrence):
    """Long short-term memory (Hochreiter & Schmidhuber 1997; forget gate: Gers, Schmidhuber & Cummins 2000).

    (i, f, g, o) = x_t W_ihᵀ + b_ih + h_{t−1} W_hhᵀ + b_hh, four blocks of H rows in this order;
    c_t = σ(f)·c_{t−1} + σ(i)·tanh(g),  h_t = σ(o)·tanh(c_t).
    Returns (L + 1, N, H): all h_t, and in the last place the c of the last step.

    Backwards, with dh = g_t + δ_{t+1} W_hh and dc = dc_{t+1}·f + dh·o·(1 − tanh²c):
    δ = dc·(g·i(1 − i), c_{t−1}·f(1 − f), i·(1 − g²)) and dh·tanh(c)·o(1 − o), where i, f, g, o are after σ and tanh.
    """

    @np.errstate(over="ignore")
    def forward(self, x, h, c, w_ih, w_hh, b_ih=None, b_hh=None, *, reverse=False):
        self.remember_inputs(x, w_ih, w_hh, reverse)
        self.h, self.c = h, c
        length, n, units = len(x), *h.shape
        gates = self.from_inputs(b_ih if b_hh is None else b_ih + b_hh).reshape(length, n, 4, units)
        out = np.empty((length + 1, n, units), x.dtype)
        self.cells, self.squashed = np.empty_like(out[1:]), np.empty_like(out[1:])
        transposed = w_hh.T
        for t in self.steps:
            gate = gates[t]
            gate += (h @ transposed).reshape(n, 4, units)
            candidate = np.tanh(gate[:, 2])
            sigmoid_(gate)
            gate[:, 2] = candidate
            c = np.add(gate[:, 1] * c, gate[:, 0] * candidate, out=self.cells[t])
            np.tanh(c, out=self.squashed[t])
            h = np.multiply(gate[:, 3], self.squashed[t], out=out[t])
        out[length] = c
        self.gates, self.out = gates, out
        return out

    def backward(self, g):
        slopes, h_to_c, h_to_o = self.slopes()
        forget = self.gates[:, :, 1]
        d = np.empty_like(self.gates)  # (L, N, 4, H)
        back, dc = np.zeros_like(self.h), np.array(g[-1])
        for t in reversed(self.steps):
            dh = g[t] + back
            dc += dh * h_to_c[t]
            np.multiply(dc[:, None], slopes[t], out=d[t, :, :3])
            np.multiply(dh, h_to_o[t], out=d[t, :, 3])
            back = d[t].reshape(len(dh), -1) @ self.w_hh
            dc *= forget[t]
        d = d.reshape(*d.shape[:2], -1)
        grad_x, *grads = self.gradients(d, d, self.previous(self.out, self.h))
        return (grad_x, back, dc, *grads)[: len(self.next_nodes)]

    def slopes(self) -> tuple:
        """What dc is multiplied by for i, f, g (L, N, 3, H), and dh for dc and for o (L, N, H), all steps at once."""
        i, f, g, o = (self.gates[:, :, k] for k in range(4))
        slopes = np.empty((*i.shape[:2], 3, i.shape[2]), i.dtype)
        np.multiply(g, i * (1 - i), out=slopes[:, :, 0])
        np.multiply(self.previous(self.cells, self.c), f * (1 - f), out=slopes[:, :, 1])
        np.multiply(i, 1 - g * g, out=slopes[:, :, 2])
        return slopes, o * (1 - self.squashed * self.squashed), self.squashed * (o * (1 - o))


class GruLayer(_Recurrence):
    """Gated recurrent unit (Cho et al. 2014), in the form where the reset acts after the matrix product.

    (r, z, n) = x_t W_ihᵀ + b_ih and (r′, z′, n′) = h_{t−1} W_hhᵀ + b_hh, three blocks of H rows in this order;
    r = σ(r + r′), z = σ(z + z′), n = tanh(n + r·n′),  h_t = (1 − z)·n + z·h_{t−1}. Returns all h (L, N, H).
    (The paper resets h before the product, r·h W; its z is the 1 − z of here.)

    Backwards, with dh = g_t + what the next step returns: δn = dh·(1 − z)(1 − n²), δz = dh·(h_{t−1} − n)·z(1 − z),
    δr = δn·n′·r(1 − r); to the product of h go δr, δz, δn·r, and dh·z goes to h_{t−1} directly.
    """

    @np.errstate(over="ignore")
    def forward(self, x, h, w_ih, w_hh, b_ih=None, b_hh=None, *, reverse=False):
        self.remember_inputs(x, w_ih, w_hh, reverse)
        self.first = h
        length, n, units = len(x), *h.shape
        gates = self.from_inputs(b_ih)  # (L, N, 3·H)
        self.hidden_part = np.empty((length, n, units), x.dtype)  # n′
        self.out = np.empty_like(self.hidden_part)
        transposed = w_hh.T
        for t in self.steps:
            from_hidden = h @ transposed
            if b_hh is not None:
                from_hidden += b_hh
            switches, candidate = gates[t, :, : 2 * units], gates[t, :, 2 * units :]
            switches += from_hidden[:, : 2 * units]
            sigmoid_(switches)
            self.hidden_part[t] = from_hidden[:, 2 * units :]
            candidate += switches[:, :units] * self.hidden_part[t]
            np.tanh(candidate, out=candidate)
            h = np.add(candidate, switches[:, units:] * (h - candidate), out=self.out[t])
        self.gates = gates.reshape(length, n, 3, units)
        return self.out

    def backward(self, g):
        r, z, n = (self.gates[:, :, k] for k in range(3))
        h_before = self.previous(self.out, self.first)
        to_n, to_z, to_r = (1 - z) * (1 - n * n), (h_before - n) * (z * (1 - z)), self.hidden_part * (r * (1 - r))
        d_input, d_hidden = np.empty_like(self.gates), np.empty_like(self.gates)  # (L, N, 3, H)
        back = np.zeros_like(self.first)
        for t in reversed(self.steps):
            dh = g[t] + back
            dn = np.multiply(dh, to_n[t], out=d_input[t, :, 2])
            np.multiply(dn, to_r[t], out=d_input[t, :, 0])
            np.multiply(dh, to_z[t], out=d_input[t, :, 1])
            d_hidden[t, :, :2] = d_input[t, :, :2]
            np.multiply(dn, r[t], out=d_hidden[t, :, 2])
            back = d_hidden[t].reshape(len(dh), -1) @ self.w_hh
            back += dh * z[t]
        d_input, d_hidden = (d.reshape(*d.shape[:2], -1) for d in (d_input, d_hidden))
        grad_x, *grads = self.gradients(d_input, d_hidden, h_before)
        return (grad_x, back, *grads)[: len(self.next_nodes)]
