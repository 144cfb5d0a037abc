"""The archive for other programs: rows in, files out. What was exported before is not written again.

    files     JSON Lines and CSV
    parquet   Parquet, a file a month, with a data package's descriptor
    parts     Parquet, a part per WARC file, for `extracting`
    typed     the one schema of both
"""
