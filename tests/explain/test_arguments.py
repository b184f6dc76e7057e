"""Every argument of every public function of dlcourse.explain, given every kind of wrong value, is told in words.

The arguments are read from the signatures: one that is new is tested without a line here, and must refuse every value
of WRONG unless RIGHT says that it is one of its own.
"""

import inspect
from dataclasses import is_dataclass

import numpy as np
import pytest

import dlcourse.reference as engine
from dlcourse import explain

WRONG = {
    "None": None, "text": "nine", "nan": float("nan"), "inf": float("inf"), "zero": 0, "negative": -1, "fraction": 2.5,
    "true": True, "complex": 1j, "list": [], "texts": ["nine"], "ragged": [[1, 2], [3]], "dict": {}, "object": object(),
    "function": lambda *anything: None, "class": dict, "array": np.zeros((2, 3, 4, 5)), "huge": 10**400,
}  # fmt: skip
#: What else an argument may be, by name or by function and name: these must not raise.
RIGHT = {
    "banzhaf.outputs": {"array"}, "label": {"zero"}, "seed": {"zero"}, "labels": {"None"},
    "fit_local.features": {"None"},
    "explain_image.features": {"None"}, "explain_row.features": {"None"}, "explain_text.features": {"None"},
    "kernel_width": {"inf", "fraction"}, "explain_image.kernel_width": {"None", "inf", "fraction"},
    "explain_row.kernel_width": {"None", "inf", "fraction"}, "ridge_alpha": {"zero", "fraction"},
    "explain_image.ridge_alpha": {"None", "zero", "fraction"}, "explain_image.masks": {"None"}, "groups": {"None"},
    "fill": {"zero"}, "around_row": {"true"}, "paired": {"true"}, "positions": {"true"}, "names": {"None"},
    "discretizer": {"None"}, "categorical": {"None", "dict"}, "text": {"text"}, "stand_in": {"text"},
    "separator": {"text"}, "training": {"with nan", "with None", "masked"},
}  # fmt: skip

RNG = np.random.default_rng(0)
PHOTO, SEGMENTS = RNG.random((8, 8, 3)), np.arange(64).reshape(8, 8) // 16
TRAINING = RNG.random((30, 3))
BACKGROUND = explain.Background(TRAINING)
ROWS = RNG.random((20, 3))
X = engine.randn(1, 2, 4, 4)
NET = engine.nn.Sequential(engine.nn.Flatten(), engine.nn.Linear(32, 3))


def means(batch):
    return np.stack([np.asarray(batch).reshape(len(batch), -1).mean(axis=1)] * 2, axis=1)


def lengths(texts):
    return np.array([len(text) for text in texts], float)


#: A right call of each function: what must be given, and what makes it quick.
CALLS = {
    "Background": {"training": TRAINING},
    "Background.draw": {"row": TRAINING[0], "samples": 5},
    "Background.feature_names": {"row": TRAINING[0]},
    "SplitText": {"text": "to be or not"},
    "SplitText.without": {"mask": np.array([1, 0, 1, 1])},
    "all_masks": {"features": 3},
    "banzhaf": {"outputs": np.arange(8.0)},
    "compact": {"segments": SEGMENTS},
    "cover": {"photo": PHOTO, "hidden": 0 * PHOTO, "segments": SEGMENTS, "masks": np.ones((2, 4), int)},
    "explain_image": {"photo": PHOTO, "predict": means, "segments": SEGMENTS, "samples": 20},
    "explain_row": {"row": TRAINING[0], "predict": means, "background": BACKGROUND, "samples": 20},
    "explain_text": {"text": "to be or not", "predict": lengths, "samples": 20},
    "filled": {"photo": PHOTO, "segments": SEGMENTS},
    "fit_local": {"rows": ROWS, "outputs": ROWS, "distances": np.ones(20), "label": 1, "kernel_width": 1.0},
    "grad_cam": {"front": lambda x: x * 2, "back": NET, "x": X, "label": 1},
    "gradient_times_input": {"model": NET, "x": X, "label": 1},
    "occlusion": {"photo": PHOTO, "predict": means, "label": 0, "size": 4, "stride": 4},
    "sample_masks": {"features": 3, "samples": 10},
    "segment": {"photo": PHOTO, "count": 4, "method": "grid"},
}
METHODS = {
    "Background.draw": BACKGROUND.draw,
    "Background.feature_names": BACKGROUND.feature_names,
    "SplitText.without": explain.SplitText("to be or not").without,
}
#: Results, which nobody makes by hand; their methods are tested below.
RESULTS = {"Explanation", "ImageExplanation", "LocalModel"}
FUNCTIONS = {name: getattr(explain, name) for name in explain.__all__ if name not in RESULTS} | METHODS


def spoilt(value: np.ndarray) -> dict[str, object]:
    """An array of the right shape with something wrong in it."""
    objects = value.astype(object)
    objects.flat[0] = None
    with_nan, with_inf = value.astype(float), value.astype(float)
    with_nan.flat[0], with_inf.flat[-1] = np.nan, -np.inf
    mask = np.zeros(value.shape, bool)
    mask.flat[0] = True
    return {
        "with nan": with_nan, "with inf": with_inf, "with None": objects, "of text": value.astype(str),
        "none of it": value[:0], "one more axis": value[None], "masked": np.ma.array(value, mask=mask),
        "complex inside": value * 1j, "numbers as text": value.astype(str).astype(object),
    }  # fmt: skip


ARGUMENTS = [(name, argument) for name, f in FUNCTIONS.items() for argument in inspect.signature(f).parameters]


def verdict(name: str, argument: str, value) -> str:
    """What a function does with a value: "right" if it takes it, "told" if it refuses it in due words, or its words."""
    try:
        FUNCTIONS[name](**CALLS[name] | {argument: value})
    except (ValueError, TypeError) as error:
        words = str(error)
    except Exception as error:
        return repr(error)
    else:
        return "right"
    names_both = words.startswith(f"{name}: ") and (f" {argument} " in words or f" {argument}[" in words)
    says_what_came = any(word in words for word in ("got", "has", "is "))
    return "told" if names_both and says_what_came and len(words) < 400 else words


@pytest.mark.parametrize(("name", "argument"), ARGUMENTS)
def test_a_wrong_value_is_told_with_the_function_and_the_argument(name, argument):
    right = RIGHT.get(f"{name}.{argument}", RIGHT.get(argument, ()))
    usual = CALLS[name].get(argument)
    values = WRONG | (spoilt(usual) if isinstance(usual, np.ndarray) else {})
    found = {kind: verdict(name, argument, value) for kind, value in values.items()}
    assert found == {kind: "right" if kind in right else "told" for kind in values}


def test_the_results_are_the_only_names_left_out():
    assert all(is_dataclass(getattr(explain, name)) for name in RESULTS)
    assert set(CALLS) == set(FUNCTIONS)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_right_call_is_right(name):
    FUNCTIONS[name](**CALLS[name])


@pytest.mark.parametrize("method", ["coefficients", "standard_errors", "listed", "heat", "__getitem__"])
@pytest.mark.parametrize("label", [7, -1, "0", 0.5, True, [0]])
def test_a_label_that_was_not_explained_is_told(method, label):
    found = explain.explain_image(**CALLS["explain_image"], labels=[1])
    with pytest.raises((ValueError, TypeError), match=r"^ImageExplanation: label must be"):
        getattr(found, method)(label)


@pytest.mark.parametrize("name", ["explain_image", "explain_row", "explain_text", "occlusion"])
class TestPredict:
    """What the model says may come in every form that holds its numbers, and is told if it holds none."""

    def asked(self, name, predict):
        return FUNCTIONS[name](**CALLS[name] | {"predict": predict})

    @pytest.mark.parametrize("form", ["column", "list", "float32", "bool", "reference", "torch", "bfloat16"])
    def test_forms_of_one_answer(self, name, form):
        import torch

        def numbers(batch):
            return lengths(batch) > 5 if isinstance(batch, list) else means(batch)[:, 0] > 0.5

        forms = {
            "column": lambda y: y[:, None].astype(float),
            "list": lambda y: y.astype(float).tolist(),
            "float32": lambda y: y.astype(np.float32),
            "bool": lambda y: y,
            "reference": lambda y: engine.tensor(y.astype(float), requires_grad=True) * 1,
            "torch": lambda y: torch.tensor(y.astype(float), requires_grad=True) * 1,
            "bfloat16": lambda y: torch.tensor(y, dtype=torch.bfloat16),
        }
        plain, other = (
            self.asked(name, lambda batch, f=f: f(numbers(batch))) for f in (lambda y: y.astype(float), forms[form])
        )
        plain, other = (r if isinstance(r, np.ndarray) else r.coefficients() for r in (plain, other))
        np.testing.assert_array_equal(plain, other)

    @pytest.mark.parametrize(
        "answer",
        [
            lambda n: np.zeros(n + 1), lambda n: np.zeros((1, n)), lambda n: np.zeros((n, 2, 2)), lambda n: 0.5,
            lambda n: np.zeros((n, 0)), lambda n: [[0.1, 0.2]] * (n - 1) + [[0.3]], lambda n: np.full(n, np.nan),
            lambda n: np.full((n, 2), np.inf), lambda n: ["cat"] * n, lambda n: np.full(n, 1j), lambda n: None,
        ],
        ids=["rows", "turned", "axes", "number", "no class", "ragged", "nan", "inf", "words", "complex", "None"],
    )  # fmt: skip
    def test_no_answer(self, name, answer):
        with pytest.raises((ValueError, TypeError), match=f"^{name}: predict must return"):
            self.asked(name, lambda batch: answer(len(batch)))

    def test_an_error_of_the_model_itself_goes_through_and_says_with_what_it_was_called(self, name):
        def broken(batch):
            raise KeyError("the learner's own mistake")

        with pytest.raises(KeyError) as raised:
            self.asked(name, broken)
        assert f"{name}: predict was called with a" in raised.value.__notes__[0]
