"""Answer with texts that no encoding can write."""

INTO = "nndl/cnn.py"


class ThreeLayerConvNet:
    def __init__(self, **named):
        self.params = {"W1\udc80": "\ud800", "W1": "\udfff" * 10}

    def loss(self, X, y=None):
        return ("\udcff", {"\ud800": "\udcff"}) if y is not None else "\ud800"
