"""Flat tables as files: `files` writes lines, `parquet` Parquet; each file whole or not at all."""
