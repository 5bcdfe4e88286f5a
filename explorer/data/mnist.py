"""Handwritten digits.

Reference: LeCun et al., Gradient-Based Learning Applied to Document Recognition, 1998.
"""

from explorer.data.images import ImageSet

MNIST = ImageSet("mnist", "MNIST", "ylecun/mnist", tuple(map(str, range(10))), others="fashion-mnist")
