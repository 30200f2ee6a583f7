"""Quotes and decisions become a report, in which only approved words are quoted, each traced to where it was said."""
