"""From roundtable transcripts to themes and quotes that people curate."""

__version__ = "0.1.0"
