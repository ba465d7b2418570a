"""The interactive map of users as one HTML page that loads nothing: no network, no library.

    content.py      what the page shows, as a JSON value of columns
    writing.py      template, style, scripts and content -> one page
    template.html   the elements of the page
    style.css       its style, light and dark
    data.js         decodes the content; searches, and describes a selection
    labels.js       where the numbers and names of groups are drawn
    chart.js        draws one map on a canvas; zoom, pan, lasso and box
    panel.js        describes a user and a selection in words
    main.js         links both maps, the controls and the panel
"""
