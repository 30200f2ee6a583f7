"""Holds a document that people have edited against the transcripts: is every quotation in it still what was said?

report = verify(path, material, find_names=...)     report.lines(), report.json(), report.hold()
"""

from pipeline.synthesis.verify.check import verify, verify_document
from pipeline.synthesis.verify.findings import Checked, Kind, VerifyReport

__all__ = ["Checked", "Kind", "VerifyReport", "verify", "verify_document"]
