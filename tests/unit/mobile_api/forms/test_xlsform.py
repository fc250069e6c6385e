"""A workbook is converted in a child process: same form, bounded cost, plain refusals."""

import io
import zipfile

import pytest

from mobile_api.forms import xlsform
from mobile_api.forms.errors import FormUnreadable
from muster.kernel.sandbox import Limits
from muster.server.demo.form_stop_check import workbook


def test_a_form_keeps_its_languages():
    assert "盘查登记" in xlsform.convert(workbook()).decode()


def test_an_archive_that_is_no_workbook_is_refused_with_a_sentence():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("readme.txt", "nothing")
    with pytest.raises(FormUnreadable, match=r"\.xlsx"):
        xlsform.convert(file.getvalue())


def test_a_workbook_that_takes_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(xlsform, "_LIMITS", Limits(wall_seconds=0.01))
    with pytest.raises(FormUnreadable, match="takes too much time"):
        xlsform.convert(workbook())
