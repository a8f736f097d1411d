"""Figures of answers, one module per figure: a function `draw(data, language)` that returns HTML.

A kind of question names the module in `FigureData`. HTML is made with `Markup.format`, which escapes; a page's policy
allows no inline style and no script. Networks and curves are older: `templates/figure.html` draws them.
"""
