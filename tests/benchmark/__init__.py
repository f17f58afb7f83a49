"""Accuracy and speed on the shared bench pages."""

import os

# One page is one thread's work, and sums depend on the number of threads: set before numpy is there.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
