// Prints docs/configuration.md.
#include <iostream>

#include "services/config/config.hpp"

int main() {
  std::cout << crier::services::config::documentation();
  return std::cout.good() ? 0 : 1;
}
