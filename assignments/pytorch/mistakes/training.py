"""Mistakes in training and measuring."""

import torch
import torch.nn.functional as F

from grader.bank import mistake


@mistake("train_step.params", replaces="train_step")
def training_gradients_pile_up(model, optimizer, x, y):
    """The gradients of the step before are still there, and the new ones are added to them."""
    cost = F.cross_entropy(model(x), y)
    cost.backward()
    optimizer.step()
    return cost.item()


@mistake("train_step.params", replaces="train_step")
def training_steps_before_backward(model, optimizer, x, y):
    """The optimizer steps before there are new gradients: it then has none, or those of the batch before."""
    cost = F.cross_entropy(model(x), y)
    optimizer.step()
    optimizer.zero_grad()
    cost.backward()
    return cost.item()


@mistake("train_step.params", replaces="train_step")
def training_clears_new_gradients(model, optimizer, x, y):
    """The new gradients are cleared before the optimizer uses them, so that nothing is learnt: those of the step
    before are to be cleared.
    """
    cost = F.cross_entropy(model(x), y)
    cost.backward()
    optimizer.zero_grad()
    optimizer.step()
    return cost.item()


@mistake("train_step.loss", "train_step.params", replaces="train_step")
def training_summed(model, optimizer, x, y):
    """The loss is the sum over the batch: it is the average."""
    cost = F.cross_entropy(model(x), y, reduction="sum")
    optimizer.zero_grad()
    cost.backward()
    optimizer.step()
    return cost.item()


@mistake("train_step.loss", "train_step.params", replaces="train_step")
def training_softmax_twice(model, optimizer, x, y):
    """The scores went through a softmax before the loss, which has one of its own."""
    cost = F.cross_entropy(model(x).softmax(dim=1), y)
    optimizer.zero_grad()
    cost.backward()
    optimizer.step()
    return cost.item()


@mistake("accuracy", replaces="accuracy")
def accuracy_in_training_mode(model, x, y):
    """The model is measured as it is in training, with dropout: first it has to be put into evaluation mode."""
    mode = model.training
    model.train()
    with torch.no_grad():
        share = (model(x).argmax(dim=1) == y).double().mean().item()
    model.train(mode)
    return share


@mistake("accuracy", replaces="accuracy")
def accuracy_leaves_model_in_evaluation(model, x, y):
    """The model is left in evaluation mode: training would go on without dropout."""
    model.eval()
    with torch.no_grad():
        return (model(x).argmax(dim=1) == y).double().mean().item()


@mistake("accuracy", replaces="accuracy")
def accuracy_counts(model, x, y):
    """How many are right is counted and not divided by how many there are."""
    mode = model.training
    model.eval()
    with torch.no_grad():
        count = (model(x).argmax(dim=1) == y).sum().item()
    model.train(mode)
    return count


@mistake("accuracy", scope="beyond", replaces="accuracy")
def accuracy_keeps_track(model, x, y):
    """PyTorch keeps track of the scores for a backward pass that never comes, which takes memory and time."""
    mode = model.training
    model.eval()
    share = (model(x).argmax(dim=1) == y).double().mean().item()
    model.train(mode)
    return share
