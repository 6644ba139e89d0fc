"""Handwriting: read, judged, and drawn as vector ink."""

from __future__ import annotations

from signing.ink.check import check_handwriting
from signing.ink.path import Box, ink_path
from signing.ink.strokes import Handwriting, Sample, Stroke, parse_handwriting

__all__ = ["Box", "Handwriting", "Sample", "Stroke", "check_handwriting", "ink_path", "parse_handwriting"]
