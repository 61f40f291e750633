#ifndef BATON_CPOPPLER_SHIM_H
#define BATON_CPOPPLER_SHIM_H
#include <cairo.h>
#include <poppler.h>
#endif
