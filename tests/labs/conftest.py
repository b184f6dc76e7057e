"""Fixtures of the lab tests."""

import comm
import ipywidgets
import pytest


@pytest.fixture(autouse=True)
def nothing_left_open(caplog):
    """Close what a test has opened; and nothing may have been lost: ipywidgets only logs a callback's exception."""
    yield
    ipywidgets.Widget.close_all()
    lost = [record.getMessage() for phase in ("setup", "call") for record in caplog.get_records(phase)]
    assert lost == []


@pytest.fixture
def messages(monkeypatch):
    """Every message to a front end from now on, as (comm id, kind, data)."""
    sent = []

    def publish(self, msg_type, data=None, metadata=None, buffers=None, **keys):
        sent.append((self.comm_id, msg_type, dict(data or {})))

    monkeypatch.setattr(comm.DummyComm, "publish_msg", publish)
    return sent
