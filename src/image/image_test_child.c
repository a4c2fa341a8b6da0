/* image/image_test_child.c - a program that is nothing but the child, built as the real one is. */
#include "image/image.h"

int main(void) {
    return image_child_main();
}
