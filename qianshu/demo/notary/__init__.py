"""The cancellation of a filed contract by notary, through the HTTP API: every person and program in a browser of its
own, on the embedded service.
"""
