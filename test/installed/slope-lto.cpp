double cube(double x);
int main(int argc, char **) { return cube(argc) == 1 ? 0 : 1; }
