"""Variables are named in Greek and French, with accents."""

# ruff: noqa: PLC2401  # that is what is unusual here
import numpy as np


def conv_forward_naive(χ, ω, β, réglages):
    Δ, marge = réglages["stride"], int(réglages["pad"])
    élargi = np.pad(χ, ((0, 0), (0, 0), (marge, marge), (marge, marge)))
    Σ = []
    for ι in range(0, élargi.shape[2] - ω.shape[2] + 1, Δ):
        for κ in range(0, élargi.shape[3] - ω.shape[3] + 1, Δ):
            pièce = élargi[:, :, ι : ι + ω.shape[2], κ : κ + ω.shape[3]]
            Σ.append(np.tensordot(pièce, ω, axes=((1, 2, 3), (1, 2, 3))) + β)
    hauteur = 1 + (élargi.shape[2] - ω.shape[2]) // Δ
    sortie = np.array(Σ).reshape(hauteur, -1, len(χ), len(ω))
    return sortie.transpose(2, 3, 0, 1), (χ, ω, β, réglages)
