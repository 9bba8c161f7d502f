"""Trains a model: minibatches, an update rule, accuracy after every epoch, and the best parameters kept."""

import io
from importlib import import_module

import numpy as np

from .checkpoint import model_arrays, write_arrays
from .progress import Progress


class Solver:
    """Stochastic gradient descent on a model with the API of this assignment.

    A model has a dict of arrays `params`, and a method `loss(X, y)` that gives the loss and a dict of
    gradients with the same names, or the scores (N, C) when it is called with X alone.

    Parameters
    ----------
    model : object
        The model to train; its params are updated in place of the old ones.
    data : dict
        'X_train', 'y_train', 'X_val', 'y_val': arrays, one sample per row.
    update_rule : str or callable
        A function (w, dw, config) -> (next_w, config), or the name of one in the module optim: 'sgd',
        'sgd_momentum', 'adam', ...
    optim_config : dict, optional
        Hyper-parameters of the update rule, such as {'learning_rate': 1e-3}.
    lr_decay : float
        After each epoch the learning rate is multiplied by it.
    batch_size : int
        Samples in a minibatch.
    num_epochs : int
        How often to go through the training data.
    augment : callable, optional
        A function X -> X that changes the images of a minibatch before each step, such as one that mirrors some
        of them. It gets a copy, which it may change.
    num_train_samples : int or None
        On how many training samples, drawn anew each time, to measure the training accuracy; None means all.
    num_val_samples : int or None
        The same for the validation accuracy.
    checkpoint_name : str or Path, optional
        After each epoch the model's arrays and the histories go to '<checkpoint_name>_epoch_<number>.npz'.
    print_every : int
        How often to print the loss, in iterations.
    verbose : bool
        Print losses, accuracies and progress.
    seed : int, optional
        Makes the choice of minibatches repeat. Without it they come from np.random.

    Attributes
    ----------
    loss_history : list of float
        The loss of each minibatch.
    train_acc_history, val_acc_history : list of float
        Accuracies before the first iteration and after each epoch.
    best_val_acc : float
        The best validation accuracy so far.
    best_params : dict
        A copy of the parameters that had it; `train` ends with these in the model.
    """

    def __init__(
        self,
        model,
        data,
        *,
        update_rule="sgd",
        optim_config=None,
        lr_decay=1.0,
        batch_size=100,
        num_epochs=10,
        augment=None,
        num_train_samples=1000,
        num_val_samples=None,
        checkpoint_name=None,
        print_every=10,
        verbose=True,
        seed=None,
    ):
        for kind in ("train", "val"):
            images, labels = len(data[f"X_{kind}"]), len(data[f"y_{kind}"])
            if images != labels or not images:
                raise ValueError(
                    f"X_{kind} has {images} samples and y_{kind} {labels}: give the same number, not 0"
                )
        self.model = model
        self.X_train, self.y_train = data["X_train"], data["y_train"]
        self.X_val, self.y_val = data["X_val"], data["y_val"]
        self.update_rule = find_update_rule(update_rule)
        self.optim_config = dict(optim_config or {})
        self.lr_decay = lr_decay
        self.batch_size = batch_size
        self.num_epochs = num_epochs
        self.augment = augment
        self.num_train_samples = num_train_samples
        self.num_val_samples = num_val_samples
        self.checkpoint_name = checkpoint_name
        self.print_every = print_every
        self.verbose = verbose
        self._random = np.random if seed is None else np.random.RandomState(seed)

        self.epoch = 0
        self.best_val_acc = 0.0
        self.best_params = {}
        self._best_bn_params = []
        self.loss_history, self.train_acc_history, self.val_acc_history = [], [], []
        self.optim_configs = {name: dict(self.optim_config) for name in model.params}

    def train(self):
        """Train for num_epochs epochs, and leave the model with the best parameters found."""
        iterations_per_epoch = max(len(self.X_train) // self.batch_size, 1)
        total = self.num_epochs * iterations_per_epoch
        progress = Progress(total, stream=None if self.verbose else io.StringIO())
        try:
            for done in range(1, total + 1):
                self._step()
                if (done - 1) % self.print_every == 0:
                    progress.say(f"(Iteration {done} / {total}) loss: {self.loss_history[-1]:f}")
                if done == 1:
                    self._measure(progress)
                if done % iterations_per_epoch == 0:
                    self._end_epoch(progress)
                progress.step(done)
        finally:
            progress.close()
        self._restore_best()

    def check_accuracy(self, X, y, num_samples=None, batch_size=100):
        """Share of samples whose highest score is that of the right class.

        Parameters
        ----------
        X : ndarray, shape (N, d_1, ..., d_k)
            Samples.
        y : ndarray of int, shape (N,)
            Their right classes.
        num_samples : int, optional
            Measure on so many samples, drawn at random, when N is larger.
        batch_size : int
            Samples that go through the model at once, to spare memory.

        Returns
        -------
        float
            From 0 to 1.
        """
        if num_samples is not None and len(X) > num_samples:
            chosen = self._random.choice(len(X), num_samples)
            X, y = X[chosen], y[chosen]
        right = 0
        for start in range(0, len(X), batch_size):
            scores = self.model.loss(X[start : start + batch_size])
            right += int(np.count_nonzero(np.argmax(scores, axis=1) == y[start : start + batch_size]))
        return right / len(X)

    def _step(self):
        batch = self._random.choice(len(self.X_train), self.batch_size)
        X = self.X_train[batch] if self.augment is None else self.augment(self.X_train[batch])
        loss, grads = self.model.loss(X, self.y_train[batch])
        self.loss_history.append(float(loss))
        for name, weights in self.model.params.items():
            if grads.get(name) is None:
                raise ValueError(f"model.loss gave no gradient for the parameter {name}")
            updated = self.update_rule(weights, grads[name], self.optim_configs[name])
            self.model.params[name], self.optim_configs[name] = updated

    def _end_epoch(self, progress):
        self.epoch += 1
        for config in self.optim_configs.values():
            config["learning_rate"] *= self.lr_decay
        self._measure(progress)
        if self.checkpoint_name is not None:
            self._save_checkpoint()

    def _measure(self, progress):
        train_acc = self.check_accuracy(self.X_train, self.y_train, self.num_train_samples)
        val_acc = self.check_accuracy(self.X_val, self.y_val, self.num_val_samples)
        self.train_acc_history.append(train_acc)
        self.val_acc_history.append(val_acc)
        progress.say(
            f"(Epoch {self.epoch} / {self.num_epochs}) train acc: {train_acc:f}; val_acc: {val_acc:f}"
        )
        if not self.best_params or val_acc > self.best_val_acc:
            self.best_val_acc = val_acc
            self.best_params = {name: values.copy() for name, values in self.model.params.items()}
            self._best_bn_params = [dict(state) for state in getattr(self.model, "bn_params", [])]

    def _restore_best(self):
        if self.best_params:
            self.model.params = self.best_params
        # The running averages belong to the parameters; a model without any has no bn_params.
        if self._best_bn_params:
            self.model.bn_params = self._best_bn_params

    def _save_checkpoint(self):
        histories = {
            "loss_history": np.array(self.loss_history),
            "train_acc_history": np.array(self.train_acc_history),
            "val_acc_history": np.array(self.val_acc_history),
        }
        path = f"{self.checkpoint_name}_epoch_{self.epoch}.npz"
        write_arrays(path, {**model_arrays(self.model), **histories})


def find_update_rule(rule):
    """Find the function that an update rule's name stands for.

    The module optim is looked up only here, so that the rest of the support code works without it. It is
    part of the package nndl or, where the whole assignment is one package, of that package.

    Parameters
    ----------
    rule : str or callable
        The name of a function in the module optim; a function is returned as it is.

    Returns
    -------
    callable
        (w, dw, config) -> (next_w, config).

    Raises
    ------
    ValueError
        When the module has no such function.
    ModuleNotFoundError
        When there is no module optim.
    """
    if callable(rule):
        return rule
    for package in ("nndl", __package__):
        try:
            module = import_module(f"{package}.optim")
        except ModuleNotFoundError as error:
            if error.name not in {package, f"{package}.optim"}:
                raise  # optim is there, and misses something itself
            continue
        if not hasattr(module, rule):
            raise ValueError(f"{package}/optim.py has no update rule {rule!r}")
        return getattr(module, rule)
    raise ModuleNotFoundError(
        f"the update rule {rule!r} is looked up in nndl/optim.py, which cannot be found"
    )
