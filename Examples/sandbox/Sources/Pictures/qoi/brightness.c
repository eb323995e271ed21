#include "qoi.h"

uint8_t qoi_brightness(uint8_t red, uint8_t green, uint8_t blue) {
    return (uint8_t)((red * 77u + green * 150u + blue * 29u) >> 8);
}
