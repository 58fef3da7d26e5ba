#pragma once

// A JSON reader for the fixtures: objects, arrays, numbers, strings, literals. Throws std::runtime_error.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace rondo::test {

struct Json {
  std::map<std::string, Json> object;
  std::vector<Json> array;
  std::string text;
  double number = 0;

  const Json& at(const std::string& key) const;
  const Json& at(std::size_t index) const { return array.at(index); }
  std::vector<double> numbers() const;  ///< an array of numbers, nested ones flattened
  std::vector<std::int32_t> integers() const;
  std::vector<double> data() const { return at("data").numbers(); }  ///< of a {shape, data} tensor
  std::int64_t integer(const std::string& key) const { return static_cast<std::int64_t>(at(key).number); }
};

Json read_json(const std::string& path);

}  // namespace rondo::test
