"""Unusual ways to networks."""

import torch
import torch.nn.functional as F
from torch import nn

from grader.bank import variant


@variant(replaces="flatten")
def flatten_by_method(x):
    """The tensor's own method flattens it."""
    return torch.flatten(x, start_dim=1)


@variant(replaces="three_layers")
def layers_padded_by_hand(x, params):
    """The images are padded before each convolution, and the affine layer is F.linear."""
    w1, b1, w2, b2, w, b = params
    h = torch.clamp(F.conv2d(F.pad(x, (2, 2, 2, 2)), w1) + b1[None, :, None, None], min=0)
    h = torch.clamp(F.conv2d(F.pad(h, (1, 1, 1, 1)), w2) + b2[None, :, None, None], min=0)
    return F.linear(h.view(len(h), -1), w.t(), b)


@variant(replaces="descend")
def descend_by_autograd(params, x, y, rate):
    """The gradients come from torch.autograd.grad, and the data are moved."""
    w1, b1, w2, b2, w, b = params
    h = F.conv2d(x, w1, b1, padding="same").relu()
    h = F.conv2d(h, w2, b2, padding="same").relu()
    logs = F.log_softmax(h.flatten(1) @ w + b, dim=1)
    loss = -logs[torch.arange(len(y)), y].mean()
    for each, gradient in zip(params, torch.autograd.grad(loss, params), strict=True):
        each.data.sub_(rate * gradient)
    return loss.item()


@variant(replaces="ThreeLayerNet")
class net_of_sequence(nn.Module):
    """The convolutions stand in a sequence, too, under a private name."""

    def __init__(self, channels, channels_1, channels_2, size, num_classes):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels_1, kernel_size=(5, 5), stride=1, padding="same")
        self.conv2 = nn.Conv2d(channels_1, channels_2, kernel_size=(3, 3), stride=1, padding="same")
        self.fc = nn.Linear(channels_2 * size**2, num_classes)
        self.relu = nn.ReLU()
        self.apply(self._begin)

    @staticmethod
    def _begin(layer):
        if isinstance(layer, nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            layer.bias.data.fill_(0)

    def forward(self, x):
        h = self.relu(self.conv2(self.relu(self.conv1(x))))
        return self.fc(h.view(h.shape[0], h.shape[1] * h.shape[2] * h.shape[3]))


@variant(replaces="train_step")
def training_cleared_first(model, optimizer, x, y):
    """The gradients are cleared first, by the model, and the loss is a module."""
    model.train()
    model.zero_grad(set_to_none=False)
    loss = nn.CrossEntropyLoss()(model(x), y)
    loss.backward()
    optimizer.step()
    return float(loss.detach())


@variant(replaces="accuracy")
def accuracy_by_list(model, x, y):
    """The right ones are counted in Python."""
    before = model.training
    try:
        model.eval()
        with torch.inference_mode():
            best = torch.max(model(x), 1).indices.tolist()
    finally:
        model.train(before)
    return sum(one == other for one, other in zip(best, y.tolist(), strict=True)) / len(best)
