"""REST of the embedded model server.

    http_server.py      HTTP connections, on waitress
    application.py      the WSGI application: paths, methods, status codes
    json_request.py     body of a predict request -> arrays
    json_tensor.py      one JSON value -> one array
    json_response.py    outputs of a predict request -> body
    json_examples.py    bodies of classify and regress requests, and of their results
"""
