r"""Optimal pairing of two sets of equally many points, with the least sum of squared distances: an exact assignment.

References:
    Kuhn, The Hungarian Method for the Assignment Problem, 1955
    Jonker & Volgenant, A Shortest Augmenting Path Algorithm for Dense and Sparse Linear Assignment Problems, 1987
"""

import numpy as np
import torch
from torch import Tensor


def optimal_pairs(a: Tensor, b: Tensor) -> Tensor:
    """Return the index in `b` of the partner of each point of `a`, for the least sum of squared distances: (n,).

    Shapes: `a` and `b` (n, d).
    """
    return torch.from_numpy(assignment(torch.cdist(a.double(), b.double()).square().numpy()))


def assignment(cost: np.ndarray) -> np.ndarray:
    """Return the column of each row in the assignment with the least sum of costs: (n, n) to (n,).

    The algorithm adds one row at a time, along a shortest augmenting path. Prices of rows and columns keep every
    reduced cost at least 0, and 0 for assigned pairs.
    """
    n = len(cost)
    column_price = cost.min(0)
    row_price, row_of, column_of = np.zeros(n), np.full(n, -1), np.full(n, -1)
    for new in range(n):
        reduced = cost[new] - column_price - row_price[new]
        distance, came_from, done = reduced, np.full(n, new), np.zeros(n, bool)
        while True:
            column = int(np.where(done, np.inf, distance).argmin())
            least = distance[column]
            done[column] = True
            if row_of[column] < 0:
                break
            row = row_of[column]
            through = least + cost[row] - column_price - row_price[row]
            better = ~done & (through < distance)
            distance, came_from = np.where(better, through, distance), np.where(better, row, came_from)
        settled = done & (row_of >= 0)
        column_price[settled] += distance[settled] - least
        row_price[row_of[settled]] += least - distance[settled]
        row_price[new] += least
        row = -1
        while row != new:  # back along the path: every row is assigned the column that it led to
            row = came_from[column]
            row_of[column], column, column_of[row] = row, column_of[row], column
    return column_of
