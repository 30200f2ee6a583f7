"""A folder of transcripts becomes source turns; every character of a file is in a turn, or left out with a reason."""

from pipeline.ingest.corpus import Ingested, check_corpus, codes_of, read_corpus

__all__ = ["Ingested", "check_corpus", "codes_of", "read_corpus"]
