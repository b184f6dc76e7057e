"""What `python -m dlcourse train` and `evaluate` do; dlcourse/__main__.py reads the command line.

A run's folder holds run.json (the settings), metrics.csv (a row an epoch), checkpoints/ and, where TensorBoard is
installed, tensorboard/.
"""

import json
import sys
from argparse import Namespace
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import torch
from torch.nn.functional import cross_entropy

from dlcourse.counterpart import distributed, tasks
from dlcourse.counterpart.checkpoints import CheckpointError, Checkpoints, load_weights, write_atomically
from dlcourse.counterpart.device import choose
from dlcourse.counterpart.metrics import Metrics
from dlcourse.counterpart.photos import open_photo
from dlcourse.counterpart.training import evaluate as measure
from dlcourse.counterpart.training import fit


@dataclass(frozen=True)
class Settings:
    """What a run's weights depend on, apart from the kind of device; kept in run.json."""

    model: str = "mlp"
    data: str = "digits"
    epochs: int = 20
    batch_size: int = 32
    lr: float = 0.001
    optimizer: str = "adam"
    schedule: str = "constant"
    seed: int = 0
    bf16: bool = False


def train(options: Namespace) -> int:
    """Train as the options say; returns the exit status, 0 or, with words on stderr, 1 (130 after Control+C)."""
    return _told("train", _train, options)


def evaluate(options: Namespace) -> int:
    """Measure a run, or name a photo; returns the exit status, 0 or, with words on stderr, 1."""
    return _told("evaluate", _evaluate_run if options.run_folder else _evaluate_photo, options)


def _told(name: str, act: Callable, options: Namespace) -> int:
    """Run a command; what goes wrong is told by process 0 in one paragraph."""
    try:
        act(options)
    except KeyboardInterrupt:
        words, status = "stopped; the same line with --resume goes on from the last whole epoch.", 130
    except (ValueError, TypeError, CheckpointError, FloatingPointError, ModuleNotFoundError) as error:
        words, status = str(error), 1
    except OSError as error:
        words, status = f"{error.filename or name}: {error.strerror or error}; what was saved before is intact.", 1
    except torch.OutOfMemoryError:
        words, status = "the device has too little memory; a smaller --batch-size needs less.", 1
    except RuntimeError as error:
        if not getattr(options, "compile", False):
            raise
        why = str(error).strip().partition("\n")[0]
        words, status = f"torch.compile fails here ({why}); leave --compile out, or install what it lacks.", 1
    else:
        return 0
    if distributed.rank() == 0:
        print(f"dlcourse {name}: {words}", file=sys.stderr)
    return status


def _train(options: Namespace) -> None:
    device = choose(options.device)
    with distributed.joined(device):
        folder = Path(options.out)
        settings = _settings(folder, options)
        task = tasks.load(settings.data)
        torch.manual_seed(settings.seed)
        model = tasks.build(settings.model, task).to(device)
        optimizer = tasks.optimizer(settings.optimizer, model, settings.lr)
        distributed.wait_for_all()  # all have looked into the folder before one writes to it
        if distributed.rank() == 0:
            folder.mkdir(parents=True, exist_ok=True)
            write_atomically(folder / "run.json", (json.dumps(asdict(settings), indent=1) + "\n").encode())
            print(_greeting(settings, task, model))
        metrics = Metrics(folder)
        fit(
            model, cross_entropy, optimizer, *task.parts.train, epochs=settings.epochs, seed=settings.seed,
            batch_size=settings.batch_size, validation=task.parts.validation, bf16=settings.bf16,
            scheduler=_scheduler(settings, optimizer), compile=options.compile, progress=True,
            metrics=metrics, checkpoints=_checkpoints(folder),
        )  # fmt: skip
        metrics.close()
        loss, accuracy = measure(model, cross_entropy, *task.parts.test, bf16=settings.bf16)
    if distributed.rank() == 0:
        print(f"Test: loss {loss:.3f}, accuracy {accuracy:.1%} of {len(task.parts.test.y)} rows never trained on.")
        print(f"Look closer: python -m dlcourse evaluate --run {folder}")


def _settings(folder: Path, options: Namespace) -> Settings:
    """The options, or with --resume those of the run in the folder, which the options must not contradict."""
    given = {field.name: getattr(options, field.name) for field in fields(Settings) if field.name in options}
    there = (folder / "run.json").exists() or any((folder / "checkpoints").glob("epoch-*.pt"))
    if there and not options.resume:
        raise ValueError(f"{folder} holds a run already; go on with it by --resume, or give another --out.")
    if not there:
        return Settings(**given)
    saved = asdict(_read_settings(folder))
    free = {"epochs"} if saved["schedule"] == "constant" else set()  # a longer cosine would be another run
    other = [name for name, value in given.items() if value != saved[name] and name not in free]
    if other:
        words = ", ".join(f"--{name.replace('_', '-')} {saved[name]}, not {given[name]}" for name in other)
        raise ValueError(f"{folder} was made with {words}; leave that out to go on with it, or give another --out.")
    return Settings(**(saved | given))


def _read_settings(folder: Path) -> Settings:
    path = folder / "run.json"
    if not path.is_file():
        raise ValueError(f"{folder} holds no run: there is no {path.name} in it; train writes one to --out.")
    try:
        settings = Settings(**json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise ValueError(f"{path} is damaged ({error}); write the run's settings into it anew.") from error
    for field in fields(Settings):
        if type(getattr(settings, field.name)) is not field.type:
            raise ValueError(f"{path} is damaged ({field.name} is no {field.type.__name__}); write it anew.")
    return settings


def _scheduler(settings: Settings, optimizer):
    """None, or half a cosine from the learning rate down to 0 over all epochs."""
    if settings.schedule == "constant":
        return None
    return torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, settings.epochs)


def _checkpoints(folder: Path) -> Checkpoints:
    return Checkpoints(folder / "checkpoints", tell=_note)


def _note(words: str) -> None:
    if distributed.rank() == 0:
        print(f"Note: {words}", file=sys.stderr)


def _greeting(settings: Settings, task: tasks.Task, model: torch.nn.Module) -> str:
    count = sum(parameter.numel() for parameter in model.parameters())
    train, validation, test = (len(part.y) for part in task.parts)
    processes = f"; {distributed.size()} processes" if distributed.size() > 1 else ""
    rows = f"{train} rows to train, {validation} to watch, {test} to test"
    return f"{settings.model}, {count:,} weights; {task.name}, {rows}{processes}."


def _evaluate_run(options: Namespace) -> None:
    folder = Path(options.run_folder)
    settings = _read_settings(folder)
    state = _checkpoints(folder).load()
    if state is None:
        raise ValueError(f"{folder} has no checkpoint yet: its first epoch did not end; train it with --resume.")
    task = tasks.load(settings.data)
    model = tasks.build(settings.model, task)
    load_weights(model, state["model"])
    model = model.to(choose(options.device)).eval()
    x, y = task.parts.test
    loss, accuracy = measure(model, cross_entropy, x, y, bf16=settings.bf16)
    print(f"{settings.model} on {settings.data} after {state['epoch']} of {settings.epochs} epochs")
    print(f"Test: loss {loss:.3f}, accuracy {accuracy:.1%} of {len(y)} rows\n")
    with torch.no_grad():
        said = model(torch.as_tensor(x).to(next(model.parameters()).device)).argmax(1).cpu()
    print(confusion_table(torch.as_tensor(y), said, task.class_names))


def confusion_table(truth: torch.Tensor, said: torch.Tensor, names: tuple[str, ...]) -> str:
    """How often each class (a row) was given each name (a column): truth, said (N,) int64. Right ones stand on the
    diagonal."""
    count = len(names)
    counts = torch.bincount(truth * count + said, minlength=count * count).reshape(count, count).tolist()
    first = max(len("true \\ said"), *map(len, names))
    widths = [max(len(name), *(len(str(row[j])) for row in counts)) for j, name in enumerate(names)]
    lines = [["true \\ said", *names]] + [[name, *map(str, row)] for name, row in zip(names, counts, strict=True)]
    return "\n".join(
        "  ".join([line[0].ljust(first), *(cell.rjust(width) for cell, width in zip(line[1:], widths, strict=True))])
        for line in lines
    )


def _evaluate_photo(options: Namespace) -> None:
    from dlcourse.counterpart import pretrained

    photo = open_photo(options.image)
    model = pretrained.efficientnet_lite0().to(choose(options.device))
    print(f"EfficientNet-Lite0 sees in {options.image}:")
    for name, probability in pretrained.name_photo(model, photo):
        print(f"  {probability:6.1%}  {name}")
