"""Fixtures of the lab tests."""

import gc

import comm
import ipywidgets
import pytest

from tests.labs import display_list


def pytest_collection_finish():
    """The tests of leaks collect garbage a hundred times: what is here before the first test need not be searched."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def nothing_left_open(caplog):
    """Close what a test has opened; and nothing may have been lost: ipywidgets only logs a callback's exception."""
    yield
    ipywidgets.Widget.close_all()
    lost = [record.getMessage() for phase in ("setup", "call") for record in caplog.get_records(phase)]
    assert lost == []


@pytest.fixture(autouse=True)
def display_lists(request, monkeypatch):
    """Labs write down what they draw instead of painting it, unless the test is marked `pixels`."""
    if request.node.get_closest_marker("pixels") is None:
        display_list.instead_of_pixels(monkeypatch)


@pytest.fixture
def messages(monkeypatch):
    """Every message to a front end from now on, as (comm id, kind, data)."""
    sent = []

    def publish(self, msg_type, data=None, metadata=None, buffers=None, **keys):
        sent.append((self.comm_id, msg_type, dict(data or {})))

    monkeypatch.setattr(comm.DummyComm, "publish_msg", publish)
    return sent
