"""Puts the support code, and the reference solution that some of it trains, where imports find them."""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / folder) for folder in ("solutions", "starter")]
