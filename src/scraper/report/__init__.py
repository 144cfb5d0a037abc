"""A span of time as one page that needs nothing else: rows in, HTML out.

    page      the page: sums, rates, edits, stories
    picture   a rate's line as SVG, and as a row of blocks for mail programs that show none
    markup    elements, their text and attributes escaped
    message   the page as a mail
"""
