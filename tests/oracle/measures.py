"""The measures of src/measure/ by numpy, scipy and scikit-learn, on points that both sides can make exactly.

In a virtual environment outside the clone:

pip install numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1
python tests/oracle/measures.py > tests/oracle/measures.json
"""

import json

import numpy as np
from scipy.linalg import sqrtm
from scipy.special import softmax
from scipy.stats import entropy
from sklearn.metrics.pairwise import polynomial_kernel
from sklearn.neighbors import NearestNeighbors

REAL, FAKE, WIDTH = 60, 50, 6


def numbers(seed):
    """Uniform in [0, 1), by the generator of Numerical Recipes: exact in 64 bits."""
    while True:
        seed = (1664525 * seed + 1013904223) % 2**32
        yield seed / 2**32


def points(seed, n, width, scale, shift):
    source = numbers(seed)
    values = [[np.float32(scale * (next(source) + next(source) + next(source) - 1.5) + shift * j) for j in range(width)] for _ in range(n)]
    return np.array(values, dtype=np.float64)


def frechet(x, y):
    root = sqrtm(np.cov(x.T) @ np.cov(y.T)).real
    return np.sum((x.mean(0) - y.mean(0)) ** 2) + np.trace(np.cov(x.T) + np.cov(y.T) - 2 * root)


def kernel_distance(x, y):
    k = lambda a, b: polynomial_kernel(a, b, degree=3, gamma=1 / a.shape[1], coef0=1)
    within = lambda a: (k(a, a).sum() - np.trace(k(a, a))) / (len(a) * (len(a) - 1))
    return within(x) + within(y) - 2 * k(x, y).mean()


def radii(x, k):
    return NearestNeighbors(n_neighbors=k + 1).fit(x).kneighbors(x)[0][:, -1]


def manifold(x, y):
    d = np.linalg.norm(x[:, None] - y[None], axis=2)
    inside = d <= radii(x, 5)[:, None]
    return {
        "precision": (d <= radii(x, 3)[:, None]).any(0).mean(),
        "recall": (d <= radii(y, 3)[None]).any(1).mean(),
        "density": inside.sum() / (5 * len(y)),
        "coverage": inside.any(1).mean(),
    }


def realism(x, sample):
    r = radii(x, 3)
    # The upper of the two middle values, as in a sorted list's middle.
    kept = r <= np.sort(r)[len(r) // 2]
    return (r[kept] / np.linalg.norm(x[kept] - sample, axis=1)).max()


def score(logits):
    p = softmax(logits, axis=1)
    return np.exp(np.mean([entropy(row, p.mean(0)) for row in p]))


x, y = points(1, REAL, WIDTH, 1.0, 0.0), points(2, FAKE, WIDTH, 0.8, 0.05)
few = points(3, 4, WIDTH, 1.0, 0.1)
logits = points(4, 40, 10, 4.0, 0.1)
shares = np.bincount(logits.argmax(1), minlength=10) / len(logits)
training = np.arange(1, 11) / 55
print(json.dumps({
    "frechet": frechet(x, y),
    "frechet_fewer_than_dimensions": frechet(x, few),
    "kernel_distance": kernel_distance(x, y),
    **manifold(x, y),
    "realism_of_first_fake": realism(x, y[0]),
    "score": score(logits),
    "entropy": entropy(shares),
    "divergence": entropy(shares, training),
}, indent=2))
