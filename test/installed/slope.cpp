#include <cmath>
int main(int argc, char **) { return std::sqrt(argc) == 1 ? 0 : 1; }
