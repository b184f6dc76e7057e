"""What `dlcourse train` and `dlcourse evaluate` do; dlcourse/command_line.py reads their options."""

import contextlib
import os
import sys
from argparse import Namespace
from collections.abc import Callable

import torch
from torch.nn.functional import cross_entropy

from dlcourse import console
from dlcourse.counterpart import distributed, tasks
from dlcourse.counterpart.checkpoints import CheckpointError, load_weights
from dlcourse.counterpart.device import choose
from dlcourse.counterpart.metrics import Metrics
from dlcourse.counterpart.photos import open_photo
from dlcourse.counterpart.run_folder import RunFolder, Settings
from dlcourse.counterpart.training import evaluate as measure
from dlcourse.counterpart.training import fit
from dlcourse.training import History


def train(options: Namespace) -> int:
    """Train as the options say; returns the exit status, 0 or, with words on stderr, 1."""
    return _told("train", _train, options)


def evaluate(options: Namespace) -> int:
    """Measure a run, or name a photo; returns the exit status, 0 or, with words on stderr, 1."""
    return _told("evaluate", _evaluate_run if options.run_folder else _evaluate_photo, options)


def _told(name: str, act: Callable, options: Namespace) -> int:
    """Run a command; what goes wrong is told by process 0 in one paragraph."""
    try:
        act(options)
        return 0
    except FloatingPointError as error:
        words = f"{error} {_anew(RunFolder(options.out, _note))}"
    except (ValueError, TypeError, CheckpointError, ModuleNotFoundError) as error:
        words = str(error)
    except OSError as error:
        place = str(error.filename2 or error.filename or name)[-200:]
        words = f"{place}: {error.strerror}; what was saved before is intact." if error.errno else str(error)
    except torch.OutOfMemoryError:
        words = "the device has too little memory; a smaller --batch-size needs less."
    except Exception as error:
        if sys.flags.dev_mode:
            raise
        why = str(error).strip().partition("\n")[0]
        words = f"{type(error).__name__}: {why}; {console.command('python')} -X dev -m dlcourse {name} … shows where."
        if getattr(options, "compile", False):
            words = f"torch.compile fails here ({why}); leave --compile out, or install what it lacks."
    _say(f"dlcourse {name}: {words}")
    return 1


def _say(words: str) -> None:
    if distributed.leads():
        print(words, file=sys.stderr)


def _note(words: str) -> None:
    _say(f"Note: {words}")


def _train(options: Namespace) -> None:
    device = choose(options.device)
    folder = RunFolder(options.out, _note)
    with distributed.joined(device), contextlib.ExitStack() as held:
        there = folder.path.is_dir()
        if there and distributed.leads():
            held.enter_context(folder.alone())
        settings, done = folder.begin(options)
        task = tasks.load(settings.data)
        torch.manual_seed(settings.seed)
        model = tasks.build(settings.model, task).to(device)
        optimizer = tasks.optimizer(settings.optimizer, model, settings.lr)
        distributed.wait_for_all()  # all have looked into the folder before one writes to it
        if distributed.leads():
            if not there:
                folder.path.mkdir(parents=True)  # an error if another run was quicker
                held.enter_context(folder.alone())
            folder.write(settings)
            print(_greeting(settings, task, model, done))
        console.at_stop(lambda: _stopped(folder) if distributed.leads() else "")
        metrics = Metrics(folder.path, tell=_note)
        history = fit(
            model, cross_entropy, optimizer, *task.parts.train, epochs=settings.epochs, seed=settings.seed,
            batch_size=settings.batch_size, validation=task.parts.validation, bf16=settings.bf16,
            scheduler=_scheduler(settings, optimizer), compile=options.compile, progress=True,
            metrics=metrics, checkpoints=folder.checkpoints,
        )  # fmt: skip
        metrics.close()
    if distributed.leads():
        print(_farewell(folder, history, task))


def _scheduler(settings: Settings, optimizer):
    """None, or half a cosine from the learning rate down to 0 over all epochs."""
    if settings.schedule == "constant":
        return None
    return torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, settings.epochs)


def _greeting(settings: Settings, task: tasks.Task, model: torch.nn.Module, done: int) -> str:
    count = sum(parameter.numel() for parameter in model.parameters())
    train, validation, test = (len(part.y) for part in task.parts)
    processes = f"; {distributed.size()} processes" if distributed.size() > 1 else ""
    rows = f"{train} rows to train, {validation} to validate, {test} kept for the test"
    before = f" {done} of {settings.epochs} epochs are done already." if done else ""
    return f"{settings.model}, {count:,} weights; {task.name}, {rows}{processes}.{before}"


def _farewell(folder: RunFolder, history: History, task: tasks.Task) -> str:
    loss, accuracy = history.validation_loss[-1], history.validation_accuracy[-1]
    measured = f"loss {loss:.3f}, accuracy {accuracy:.1%} of {len(task.parts.validation.y)} rows"
    line = _line("evaluate", "--run", folder.path)
    return f"Validation after epoch {history.epochs}: {measured}.\nOpen the test set when you are done choosing: {line}"


def _stopped(folder: RunFolder) -> str:
    """What Control+C says."""
    if not folder.epochs:
        return f"dlcourse train: stopped before the first epoch was saved. {_anew(folder)}"
    line = _line("train", "--resume", "--out", folder.path)
    return f"dlcourse train: stopped; {folder.epochs} epochs are saved. To go on: {line}"


def _anew(folder: RunFolder) -> str:
    if folder.epochs:
        return f"Epoch {folder.epochs} is saved in {folder.path}; to begin anew, give another --out."
    return "Nothing was saved; you may begin anew with the same --out."


def _line(command: str, *words) -> str:
    """A command of ours as it can be pasted; a folder called -x is none of its options."""
    *before, folder = words
    path = f".{os.sep}{folder}" if str(folder).startswith("-") else folder
    return f"{console.command('dlcourse')} {console.quoted(command, *before, path)}"


def _evaluate_run(options: Namespace) -> None:
    folder = RunFolder(options.run_folder, _note)
    settings = folder.read()
    state = folder.checkpoints.load()
    if state is None:
        raise ValueError(f"{folder.path} has no checkpoint yet: its first epoch did not end; train it with --resume.")
    task = tasks.load(settings.data)
    model = tasks.build(settings.model, task)
    load_weights(model, state.get("model"))
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
