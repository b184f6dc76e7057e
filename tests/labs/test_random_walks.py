"""Whatever a learner does, in whatever order, a lab stays sound."""

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from dlcourse.labs import Lab, sharing
from dlcourse.labs.settings import Integer, Number
from tests.labs.lab_tools import LABS, drag, handles
from tests.labs.soundness import assert_same_view, assert_sound, ends

#: The largest value that a random walk takes.
SLOW = {"PlaygroundLab": {"tick": 12, "epochs": 1}, "SameStartLab": {"tick": 12}}


class Walk(RuleBasedStateMachine):
    """A learner who does anything in any order."""

    kind: type[Lab]

    def __init__(self):
        super().__init__()
        self.lab = self.kind()

    @rule(place=st.integers(0, 100), share=st.floats(0, 1))
    def move_a_control(self, place, share):
        names = list(self.lab.controls)
        name = names[place % len(names)]
        values = self._values(name)
        self.lab.controls[name].input.value = values[round(share * (len(values) - 1))]

    def _values(self, name):
        setting = self.lab.State.settings()[name]
        most = SLOW.get(self.kind.__name__, {}).get(name, np.inf)
        if isinstance(setting, Number):
            return [setting.nearest(value) for value in np.linspace(setting.low, setting.high, 33)]
        if isinstance(setting, Integer):
            widget = self.lab.controls[name].input
            return list(range(widget.min, int(min(widget.max, most)) + 1))
        return [value for value in ends(setting) if not isinstance(value, int) or value <= most]

    @rule(place=st.integers(0, 100))
    def choose_a_preset(self, place):
        names = [name for name, values in self.kind.presets.items() if values.get("tick", 0) <= 60]
        self.lab._presets.value = names[place % len(names)]

    @rule()
    def reset(self):
        self.lab.reset()

    @precondition(lambda self: self.lab.live.handles["specs"])
    @rule(place=st.integers(0, 100), x=st.floats(-3, 3), y=st.floats(-3, 3), far=st.sampled_from([1, 1, 1, 60, 1e12]))
    def move_a_handle(self, place, x, y, far):
        names = list(handles(self.lab))
        drag(self.lab, names[place % len(names)], far * x, far * y, path=[(x, y)])

    @rule(x=st.sampled_from([None, np.nan, "5", 10**400]))
    def send_nonsense(self, x):
        drag(self.lab, "line", x, 0)

    @rule()
    def share(self):
        name, settings = sharing.decode(self.lab.share())
        assert Lab.known[name] is self.kind
        assert self.kind.State(**settings) == self.lab.state

    def check_invariants(self, *arguments, **options):
        super().check_invariants(*arguments, **options)
        assert_sound(self.lab)

    def teardown(self):
        friend = Lab.from_share(self.lab.share())
        assert_same_view(self.lab, friend)
        friend.close()
        self.lab.close()


@pytest.mark.parametrize("kind", LABS)
def test_whatever_a_learner_does_the_lab_stays_sound(kind):
    machine = type(f"Walk{kind.__name__}", (Walk,), {"kind": kind})
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large]
    run_state_machine_as_test(
        machine,
        settings=settings(max_examples=5, stateful_step_count=8, deadline=None, suppress_health_check=checks),
    )
