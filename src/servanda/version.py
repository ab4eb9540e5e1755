"""The version, said once in code; a test holds that pyproject, changelog and citation agree."""

VERSION = "0.1.0"
