"""WARC files into Parquet: one pure function per file, so that any number of them runs anywhere, and again.

    WARC file -> stretches of answers -> Page -> rows -> three parts, then the report that says they are whole
    (shards)     pages: in a process     (parse)  rows   shard: one file, its parts, its report
                 that can be killed                      job: many files, here
"""
