"""The only importers of heavy libraries, behind Protocols of one or two methods; `plain` needs no model."""
