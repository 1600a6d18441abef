"""Arrays in, arrays out: a plain NumPy reference and its compiled twin, which knows no names and no files."""

from foedus.kernels.compiled import settle

settle()
