"""What one training step costs: counted arithmetic, bytes and calls, and a model of the time they take.

The network has LAYERS square layers of one width; the step is forward, backward and an update by plain SGD.
"""

from dataclasses import dataclass

from dlcourse.labs.settings import State, choice, switch

LAYERS = 3
CALLS, FUSED_CALLS = 11, 5  # operations a layer: three products, and what lies around them, which a compiler joins
CPU, GPU = "one CPU core", "one GPU (A100)"


@dataclass(frozen=True)
class Device:
    """Numbers of arithmetic operations and of bytes a second, at best, and the seconds that starting one call costs;
    `link`: bytes a second to another process, `wait`: seconds until the first arrives."""

    flops: float
    flops_bf16: float
    bandwidth: float
    call: float
    link: float
    wait: float


# The GPU by NVIDIA's data sheet of the A100 80GB SXM (2021): 19.5 and 312 TFLOP/s, 2,039 GB/s, NVLink 600 GB/s; calls
# and waits, and all numbers of the core, are round figures of the right order. bf16 is emulated on most cores.
DEVICES = {
    CPU: Device(5e10, 2.5e10, 1e10, 4e-6, 5e9, 5e-5),
    GPU: Device(19.5e12, 312e12, 2.039e12, 8e-6, 3e11, 1e-5),
}

BATCHES = tuple(2**n for n in range(17))
WIDTHS = tuple(2**n for n in range(4, 14))
PROCESSES = tuple(2**n for n in range(7))


@dataclass(frozen=True)
class StepTimeState(State):
    """batch: samples a step, 1 to 65,536; width: units in each of three layers, 16 to 8,192; processes: 1 to 64, which
    share the batch and average their gradients. All three are powers of two. fused: compiled, fewer calls."""

    batch: int = choice(32, BATCHES, slider=True, label="batch", help="Samples a step, over all processes")
    width: int = choice(64, WIDTHS, slider=True, label="width", help="Units in each of three layers")
    processes: int = choice(1, PROCESSES, slider=True, label="processes", help="They share the batch")
    device: str = choice(CPU, tuple(DEVICES), label="device", help="Each process has one")
    bf16: bool = switch(False, label="bfloat16", help="Half the bytes; other arithmetic")
    fused: bool = switch(False, label="compiled", help="Neighbouring operations become one call")

    @property
    def log_batch(self) -> int:
        """Where the batch stands on a logarithmic axis: n for 2ⁿ."""
        return BATCHES.index(self.batch)


@dataclass(frozen=True)
class Counts:
    """What a process does in a step, counted: no time in it."""

    weights: int
    flops: int  # 2 for a multiplication and its addition
    moved: int  # bytes between memory and arithmetic, if nothing is kept in a cache
    calls: int
    sent: float  # bytes to the next process, for a ring

    @property
    def intensity(self) -> float:
        """Arithmetic operations a byte."""
        return self.flops / self.moved


def counts(state: StepTimeState) -> Counts:
    """The counts of one process, whose share of the batch is ⌈B / P⌉.

    Each layer multiplies three times: y = xWᵀ, dW = dyᵀx, dx = dyW, each 2·B·w² operations, each reading two matrices
    and writing one. The update reads W and dW and writes W, in float32.
    """
    width, processes = state.width, state.processes
    rows, size = -(-state.batch // processes), 2 if state.bf16 else 4
    weights = LAYERS * width**2
    moved = LAYERS * 3 * (width**2 + 2 * rows * width) * size + 3 * weights * 4
    calls = LAYERS * (FUSED_CALLS if state.fused else CALLS)
    return Counts(weights, 6 * rows * weights, moved, calls, 2 * (processes - 1) / processes * weights * 4)


@dataclass(frozen=True)
class StepTime:
    """Seconds of a step by parts. Arithmetic and memory run at once: the slower one counts."""

    counts: Counts
    calls: float
    arithmetic: float
    memory: float
    talking: float
    peak: float  # arithmetic operations a second of the device, at best
    batch: int
    processes: int

    @property
    def seconds(self) -> float:
        return self.calls + max(self.arithmetic, self.memory) + self.talking

    @property
    def rate(self) -> float:
        """Samples a second."""
        return self.batch / self.seconds

    @property
    def use(self) -> float:
        """The share of the device's best arithmetic that is reached."""
        return self.counts.flops / self.seconds / self.peak

    @property
    def slowest(self) -> str:
        """What takes the largest part of the step."""
        parts = {"calls": self.calls, "arithmetic": self.arithmetic, "memory": self.memory, "talking": self.talking}
        return max(parts, key=parts.get)


def step_time(state: StepTimeState) -> StepTime:
    """The model: calls + max(arithmetic, memory) + talking, with the numbers of the device at their best."""
    device, count = DEVICES[state.device], counts(state)
    peak = device.flops_bf16 if state.bf16 else device.flops
    talking = count.sent / device.link + 2 * (state.processes - 1) * device.wait
    return StepTime(
        count, count.calls * device.call, count.flops / peak, count.moved / device.bandwidth, talking, peak,
        state.batch, state.processes,
    )  # fmt: skip
