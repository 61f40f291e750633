#ifndef BATON_CLEPTONICA_SHIM_H
#define BATON_CLEPTONICA_SHIM_H
#include <stdio.h>
#include <allheaders.h>
#endif
