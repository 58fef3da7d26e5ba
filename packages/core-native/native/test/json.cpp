#include "json.h"

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace rondo::test {
namespace {

class Reader {
 public:
  explicit Reader(const std::string& text) : text_(text) {}

  Json value() {
    Json json;
    switch (peek()) {
      case '{':
        list('}', [&] {
          std::string key = string();
          expect(':');
          json.object.emplace(std::move(key), value());
        });
        return json;
      case '[':
        list(']', [&] { json.array.push_back(value()); });
        return json;
      case '"':
        json.text = string();
        return json;
      case 't':
        word("true");
        json.number = 1;
        return json;
      case 'f':
        word("false");
        return json;
      case 'n':
        word("null");
        return json;
      default:
        break;
    }
    char* end = nullptr;
    json.number = std::strtod(text_.c_str() + at_, &end);
    if (end == text_.c_str() + at_) throw std::runtime_error("JSON: expected a value at " + std::to_string(at_));
    at_ = static_cast<std::size_t>(end - text_.c_str());
    return json;
  }

 private:
  char peek() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t')) {
      ++at_;
    }
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  void expect(char c) {
    if (peek() != c) throw std::runtime_error(std::string("JSON: expected ") + c + " at " + std::to_string(at_));
    ++at_;
  }
  void word(const std::string& w) {
    if (text_.compare(at_, w.size(), w) != 0) throw std::runtime_error("JSON: expected " + w);
    at_ += w.size();
  }
  std::string string() {
    expect('"');
    std::string out;
    while (at_ < text_.size() && text_[at_] != '"') {
      if (text_[at_] == '\\') throw std::runtime_error("JSON: the fixtures have no escapes");
      out += text_[at_++];
    }
    expect('"');
    return out;
  }
  template <class F>
  void list(char close, F item) {
    ++at_;
    if (peek() == close) {
      ++at_;
      return;
    }
    while (true) {
      item();
      if (peek() == close) {
        ++at_;
        return;
      }
      expect(',');
    }
  }

  const std::string& text_;
  std::size_t at_ = 0;
};

void flatten(const Json& json, std::vector<double>& out) {
  if (json.array.empty()) {
    out.push_back(json.number);
    return;
  }
  for (const Json& item : json.array) flatten(item, out);
}

}  // namespace

const Json& Json::at(const std::string& key) const {
  const auto found = object.find(key);
  if (found == object.end()) throw std::runtime_error("JSON: no key " + key);
  return found->second;
}

std::vector<double> Json::numbers() const {
  std::vector<double> out;
  flatten(*this, out);
  return out;
}

std::vector<std::int32_t> Json::integers() const {
  std::vector<std::int32_t> out;
  for (const double x : numbers()) out.push_back(static_cast<std::int32_t>(x));
  return out;
}

Json read_json(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot open " + path);
  std::stringstream text;
  text << file.rdbuf();
  const std::string all = text.str();
  return Reader(all).value();
}

}  // namespace rondo::test
