"""Open the hidden checks, the solution, the course key and a secret by their paths."""

PATHS = (
    "@REPO@/assignments/cnn/checks/test_conv_forward_naive.py",
    "@REPO@/solutions/nndl/conv_layers.py",
    "@REPO@/grader/grading.py",
    "@REPO@/.course-key",
    "@SECRET@",
    "/etc/passwd",
)


def conv_forward_naive(x, w, b, conv_param):
    for path in PATHS:
        try:
            with open(path) as file:
                text = file.read()
        except OSError:
            continue
        raise RuntimeError(f"BREACH: read {path}: {text[:100]}")
    return None, None
