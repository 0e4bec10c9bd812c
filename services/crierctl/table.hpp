#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace crier::services::crierctl {

enum class Align { kLeft, kRight };

struct Column {
  std::string title;
  Align align = Align::kLeft;
};

// Rows under titles, printed in parts: widths grow when a later part needs more, so a listing of
// any length is aligned as far as it is known and is never held whole.
class Table {
 public:
  explicit Table(std::vector<Column> columns);

  // REQUIRES: as many cells as columns. Width counts characters of UTF-8.
  void add(std::vector<std::string> cells);

  // The rows added since the last call, after the titles the first time; no trailing spaces.
  [[nodiscard]] std::string take_text();

 private:
  [[nodiscard]] std::string line(const std::vector<std::string>& cells) const;

  std::vector<Column> columns_;
  std::vector<std::size_t> widths_;
  std::vector<std::vector<std::string>> rows_;
  bool titles_printed_ = false;
};

}  // namespace crier::services::crierctl
