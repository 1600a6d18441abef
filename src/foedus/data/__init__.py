"""Published data sets as strictly typed tables: where they are, which version, who a state is.

``sources/`` holds one file per data set, ``store`` finds the files below a folder, ``states`` says who a name or code
means on a date, `fetch` alone downloads and `changes` alone writes. Draws no conclusion from what it reads.
"""
