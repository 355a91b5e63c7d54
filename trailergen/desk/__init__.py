"""The desk: a page in the browser, served from this machine, that plays a plan without rendering it and changes it.

It adds nothing to what can be asked of a plan: every action is a request to ``edit/revise``, ``api.render`` or
``api.export``, and every state is a plan on the disk.
"""
