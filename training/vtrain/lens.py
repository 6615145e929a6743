"""What a camera and an encoder do to a picture: light, blur, noise, compression."""

import cv2
import numpy as np


class Film:
    """What the frames of one clip have in common; `expose` varies it from frame to frame by `drift` (0 none … 1 much)."""

    def __init__(self, rng):
        self.gain = np.exp(rng.normal(0, 0.25) + rng.normal(0, 0.05, 3))
        self.gamma = np.exp(rng.normal(0, 0.15))
        self.contrast = rng.uniform(0.55, 1.1)
        self.defocus = rng.uniform(0, 1.3) if rng.random() < 0.5 else 0.0
        self.noise = rng.uniform(0, 9) if rng.random() < 0.6 else 0.0
        self.quality = int(rng.uniform(25, 95))
        self.coarse = rng.uniform(0.5, 1.0) if rng.random() < 0.25 else 1.0

    def expose(self, rng, image, drift, shade, motion):
        """image [H, W, 3] uint8 → the same, seen through this film.

        shade: [H, W] light on the scene, or None. motion: pixels (x, y) the picture moves while the shutter is open."""
        height, width = image.shape[:2]
        length = float(np.hypot(*motion))
        if length > 1.2:
            size = int(min(length, 12)) | 1
            kernel = np.zeros((size, size), np.float32)
            middle, step = size // 2, np.asarray(motion) / length * (size // 2)
            cv2.line(kernel, tuple(int(round(middle - s)) for s in step), tuple(int(round(middle + s)) for s in step), 1.0)
            image = cv2.filter2D(image, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REFLECT_101)
        sigma = max(0.0, self.defocus + rng.normal(0, 0.3 * drift))
        if sigma > 0.3:
            image = cv2.GaussianBlur(image, (0, 0), sigma)
        gain = self.gain * np.exp(rng.normal(0, 0.02 + 0.28 * drift) + rng.normal(0, 0.01 + 0.06 * drift, 3))
        gamma = self.gamma * np.exp(rng.normal(0, 0.1 * drift))
        levels = np.linspace(0, 1, 256)[:, None]
        table = np.clip(((levels**gamma - 0.5) * self.contrast + 0.5) * gain * 255, 0, 255).astype(np.uint8)
        image = cv2.LUT(image, table[None])
        if shade is not None:
            image = np.clip(image * shade[..., None], 0, 255).astype(np.uint8)
        if self.noise > 0.5:
            grain = rng.integers(0, 256, (height, width), dtype=np.uint8)
            noise = (cv2.boxFilter(grain, cv2.CV_16S, (2, 2))[..., None] - 127) * (self.noise / 37.0)
            image = np.clip(image + noise, 0, 255).astype(np.uint8)
        if self.coarse < 0.95:
            small = cv2.resize(image, None, fx=self.coarse, fy=self.coarse, interpolation=cv2.INTER_AREA)
            image = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
        quality = int(np.clip(self.quality + rng.normal(0, 6), 12, 98))
        return cv2.imdecode(cv2.imencode(".jpg", image[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_COLOR)[..., ::-1]
