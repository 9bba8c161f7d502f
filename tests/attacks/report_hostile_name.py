"""Be called something that is markup, a terminal code, a path and ten thousand letters at once."""

NAME = "../../<script>hostile</script>\x1b[2J\u202e'\"><img src=x onerror=alert(1)>xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"


def conv_forward_naive(x, w, b, conv_param):
    return None, None
