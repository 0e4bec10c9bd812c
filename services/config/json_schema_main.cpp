// Prints the JSON Schema of the configuration, which becomes part of the chart's.
#include <iostream>

#include "services/config/config.hpp"

int main() {
  std::cout << crier::services::config::json_schema();
  return std::cout.good() ? 0 : 1;
}
